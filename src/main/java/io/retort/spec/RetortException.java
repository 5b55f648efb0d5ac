package io.retort.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The root of every failure that a caller can do something about; each module has its own subclass.
 * The message is written for the caller: it says what is wrong, with which value, and what to do.
 */
public abstract class RetortException extends RuntimeException {

  private final Fault fault;
  private final String code;
  private final List<Violation> violations;

  protected RetortException(Fault fault, String code, String message) {
    this(fault, code, message, List.of(), null);
  }

  protected RetortException(Fault fault, String code, String message, @Nullable Throwable cause) {
    this(fault, code, message, List.of(), cause);
  }

  protected RetortException(Fault fault, String code, String message, List<Violation> violations) {
    this(fault, code, message, violations, null);
  }

  private RetortException(
      Fault fault,
      String code,
      String message,
      List<Violation> violations,
      @Nullable Throwable cause) {
    super(message, cause);
    this.fault = fault;
    this.code = code;
    this.violations = List.copyOf(violations);
  }

  /** Whose fault it is, which decides the HTTP status. */
  public final Fault fault() {
    return fault;
  }

  /** Stable and machine-readable, in snake case. */
  public final String code() {
    return code;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /** The fields of the spec that are at fault, where they are known. */
  public final List<Violation> violations() {
    return violations;
  }
}
