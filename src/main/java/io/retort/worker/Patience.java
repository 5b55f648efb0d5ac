package io.retort.worker;

import io.retort.artifact.StorageException;
import io.retort.web.DatabaseLoss;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Tries a write again while the database or the bucket is away for a moment: a finished training is
 * dear.
 */
final class Patience {

  private static final int TRIES = 6;
  private static final Duration PAUSE = Duration.ofSeconds(3);

  void with(Runnable write) {
    boolean unused =
        with(
            () -> {
              write.run();
              return true;
            });
  }

  <T> T with(Supplier<T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return work.get();
      } catch (RuntimeException e) {
        if (tries == TRIES || !(DatabaseLoss.isCauseOf(e) || StorageException.isAway(e))) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  /** Waits for something, but no longer than for a write. */
  void until(BooleanSupplier there) {
    for (int tries = 1; tries < TRIES && !there.getAsBoolean(); tries++) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
