package io.retort.outgoing;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;

/** A URI that the service must not or cannot follow. */
public final class OutgoingException extends RetortException {
  OutgoingException(String code, String message) {
    super(Fault.DATA, code, message);
  }
}
