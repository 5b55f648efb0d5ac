package io.retort.webhook;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of one attempt.
 *
 * @param status of the answer; null where there was none
 * @param error code of why there was none
 * @param pause what the receiver asks for; zero where it does not
 */
record Attempt(@Nullable Integer status, @Nullable String error, Duration pause) {

  private static final int GONE = 410;

  static Attempt failed(String code) {
    return new Attempt(null, code, Duration.ZERO);
  }

  boolean delivered() {
    return status != null && status >= 200 && status < 300;
  }

  /** The receiver wants to hear nothing more. */
  boolean gone() {
    return status != null && status == GONE;
  }
}
