package io.retort.web;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;

/** The path names something that does not exist. */
public final class MissingException extends RetortException {

  /**
   * @param kind such as {@code job}; the code becomes {@code job_not_found}
   */
  public MissingException(String kind, String id) {
    super(
        Fault.MISSING,
        kind + "_not_found",
        "There is no " + kind.replace('_', ' ') + " `" + id + "`.");
  }
}
