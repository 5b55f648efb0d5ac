package io.retort.spec;

/** A body that is not JSON. */
public final class MalformedJsonException extends RetortException {
  public MalformedJsonException(String message) {
    super(Fault.REQUEST, "malformed_json", message);
  }
}
