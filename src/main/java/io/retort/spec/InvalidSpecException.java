package io.retort.spec;

import java.util.List;

/** A spec that cannot be run, with everything that is wrong with it. */
public final class InvalidSpecException extends RetortException {

  public InvalidSpecException(List<Violation> violations) {
    super(
        Fault.REQUEST,
        "invalid_spec",
        "The request has " + count(violations) + "; see `errors`.",
        violations);
  }

  private static String count(List<Violation> violations) {
    return violations.size() == 1 ? "one bad field" : violations.size() + " bad fields";
  }
}
