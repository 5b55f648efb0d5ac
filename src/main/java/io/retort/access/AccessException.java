package io.retort.access;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;
import io.retort.web.Scope;
import java.time.Instant;

/** Something that a caller may not do. */
public final class AccessException extends RetortException {

  private AccessException(Fault fault, String code, String message) {
    super(fault, code, message);
  }

  static AccessException missingScope(Scope scope) {
    return new AccessException(
        Fault.FORBIDDEN, "missing_scope", "The key lacks the scope `" + scope + "`.");
  }

  static AccessException noScope() {
    return new AccessException(
        Fault.FORBIDDEN, "missing_scope", "No scope lets a key use this operation.");
  }

  /** Whoever has one admin key would lock themselves out by a slip. */
  static AccessException ownKey() {
    return new AccessException(
        Fault.CONFLICT,
        "own_key",
        "A key cannot revoke itself; make another one and revoke this one with it.");
  }

  static AccessException expired(Instant at) {
    return new AccessException(
        Fault.FORBIDDEN, "key_expired", "The API key expired at " + at + "; ask for a new one.");
  }
}
