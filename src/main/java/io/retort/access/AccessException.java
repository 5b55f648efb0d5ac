package io.retort.access;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;

/** Something that a caller may not make the service do. */
public final class AccessException extends RetortException {
  AccessException(String code, String message) {
    super(Fault.DATA, code, message);
  }
}
