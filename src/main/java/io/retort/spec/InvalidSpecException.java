package io.retort.spec;

import java.util.List;

/** A spec that cannot be run, with everything that is wrong with it, up to a hundred fields. */
public final class InvalidSpecException extends RetortException {

  /** Nobody mends more at once, and a hostile body could have a hundred thousand. */
  private static final int MOST = 100;

  public InvalidSpecException(List<Violation> violations) {
    super(
        Fault.REQUEST,
        "invalid_spec",
        "The request has " + count(violations) + "; see `errors`.",
        violations.subList(0, Math.min(MOST, violations.size())));
  }

  private static String count(List<Violation> violations) {
    return violations.size() == 1 ? "one bad field" : violations.size() + " bad fields";
  }
}
