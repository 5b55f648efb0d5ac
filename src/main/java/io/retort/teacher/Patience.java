package io.retort.teacher;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a server is asked again that does not answer.
 *
 * @param first wait, which doubles each time
 * @param longest wait
 * @param total from the first attempt to the last
 */
record Patience(Duration first, Duration longest, Duration total) {

  /** While somebody waits for the answer to a dry run. */
  static final Patience PLANNING =
      new Patience(Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofSeconds(10));

  /** Long enough for a server to be restarted. */
  static final Patience LABELLING =
      new Patience(Duration.ofMillis(250), Duration.ofSeconds(10), Duration.ofMinutes(3));

  private static final int DOUBLINGS = 20;

  /** A wait with jitter, so that requests that failed together do not come back together. */
  long waitMillis(int attempt) {
    long doubled = first.toMillis() << Math.min(attempt, DOUBLINGS);
    long base = Math.min(longest.toMillis(), doubled);
    return base / 2 + ThreadLocalRandom.current().nextLong(base + 1) / 2;
  }
}
