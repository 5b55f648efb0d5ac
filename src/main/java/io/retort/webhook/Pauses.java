package io.retort.webhook;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait between the attempts of a delivery: longer each time, and never in step. */
final class Pauses {

  private static final Duration LONGEST = Duration.ofDays(1);
  private static final int FACTOR = 4;

  /** Share by which a pause may be shorter or longer. */
  private static final double JITTER = 0.2;

  private final Duration first;
  private final RandomGenerator random;

  Pauses(Duration first, RandomGenerator random) {
    this.first = first;
    this.random = random;
  }

  /**
   * @param attempts made so far, from 1
   * @param wished what the receiver asks for; heeded up to a day
   */
  Duration after(int attempts, Duration wished) {
    double millis =
        Math.min(first.toMillis() * Math.pow(FACTOR, attempts - 1.0), LONGEST.toMillis());
    double jittered = millis * (1 - JITTER + 2 * JITTER * random.nextDouble());
    double longest = Math.max(jittered, Math.min(wished.toMillis(), LONGEST.toMillis()));
    return Duration.ofMillis(Math.round(longest));
  }
}
