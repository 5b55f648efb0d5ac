package io.retort.training;

import java.util.concurrent.ThreadFactory;

/** Threads that help a training; they carry the name of the thread that they help. */
final class DaemonThreads {

  private DaemonThreads() {}

  static ThreadFactory named(String purpose) {
    String name = Thread.currentThread().getName() + "-" + purpose;
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
