package io.retort.dataset;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;
import io.retort.spec.Violation;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Data that cannot be used, with the field of the spec that leads to it. */
public final class DatasetException extends RetortException {

  private final List<Violation> violations;

  private DatasetException(
      Fault fault,
      String code,
      String message,
      List<Violation> violations,
      @Nullable Throwable cause) {
    super(fault, code, message, cause);
    this.violations = violations;
  }

  /**
   * Data at fault.
   *
   * @param pointer of the field of the spec that is at fault, such as {@code /dataset/uri}
   */
  public static DatasetException of(String code, String pointer, String message) {
    return new DatasetException(
        Fault.DATA, code, message, List.of(Violation.of(pointer, message)), null);
  }

  /** A file that cannot be made sense of. */
  static DatasetException unreadable(String code, String message) {
    return of(code, "/dataset/uri", message);
  }

  /** The service's own disk failed or is full. */
  static DatasetException storage(IOException cause) {
    String reason = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return reason.contains("no space left") || reason.contains("quota")
        ? new DatasetException(
            Fault.UNAVAILABLE,
            "storage_full",
            "The data directory is full; free some space and submit the job again.",
            List.of(),
            cause)
        : new DatasetException(
            Fault.UNAVAILABLE,
            "storage_failed",
            "The dataset could not be stored; see the service's log.",
            List.of(),
            cause);
  }

  @Override
  public List<Violation> violations() {
    return violations;
  }
}
