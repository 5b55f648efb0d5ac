package io.retort.targets;

import java.io.IOException;

/** Whether the place that machines share has answered of late; for any thread. */
final class Availability {

  private final StoreListener listener;
  private volatile long moved = System.nanoTime();
  private volatile boolean away;

  Availability(StoreListener listener) {
    this.listener = listener;
  }

  void answered() {
    moved = System.nanoTime();
    away = false;
  }

  void failed(Throwable why) {
    if (!away) {
      away = true;
      listener.away(new IOException(why.getMessage(), why));
    }
  }

  boolean isAway() {
    return away;
  }

  /** When it last answered. */
  long moved() {
    return moved;
  }
}
