package io.retort.spec;

/** Whose fault a failure is; the HTTP border maps each to one status. */
public enum Fault {
  /** The request itself is wrong (400). */
  REQUEST,
  /** The caller may not do this (403). */
  FORBIDDEN,
  /** The request names something that does not exist (404). */
  MISSING,
  /** The request does not fit the present state (409). */
  CONFLICT,
  /** The request is well formed, but the data it names is at fault (422). */
  DATA,
  /** The caller has used up what they may use (429). */
  LIMIT,
  /** Something that the service needs does not answer or is full (503). */
  UNAVAILABLE,
  /** A defect of the service (500). */
  SERVICE
}
