package io.retort.access;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;

/** A tenant wants more than it may use. */
public final class QuotaException extends RetortException {

  private QuotaException(String code, String message) {
    super(Fault.LIMIT, code, message);
  }

  public static QuotaException queuedJobs(int most) {
    return new QuotaException(
        "queue_quota",
        "Your tenant has %,d jobs waiting, as many as it may; wait until some have run."
            .formatted(most));
  }

  public static QuotaException storedBytes(long used, long most) {
    return new QuotaException(
        "storage_quota",
        "Your tenant keeps %,d of the %,d bytes it may; delete jobs, datasets or models first."
            .formatted(used, most));
  }

  public static QuotaException streams(int most) {
    return new QuotaException(
        "stream_quota",
        "Your tenant watches %,d jobs, as many as it may; end some of these streams first."
            .formatted(most));
  }
}
