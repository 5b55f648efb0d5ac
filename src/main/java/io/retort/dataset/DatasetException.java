package io.retort.dataset;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;
import io.retort.spec.Violation;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Data that cannot be used, with the field of the spec that leads to it. */
public final class DatasetException extends RetortException {

  private DatasetException(String code, String message, Violation violation) {
    super(Fault.DATA, code, message, List.of(violation));
  }

  private DatasetException(String code, String message, IOException cause) {
    super(Fault.UNAVAILABLE, code, message, cause);
  }

  /**
   * Data at fault.
   *
   * @param pointer of the field of the spec that is at fault, such as {@code /dataset/uri}
   */
  public static DatasetException of(String code, String pointer, String message) {
    return new DatasetException(code, message, Violation.of(pointer, message));
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
            "storage_full",
            "The data directory is full; free some space and submit the job again.",
            cause)
        : new DatasetException(
            "storage_failed", "The dataset could not be stored; see the service's log.", cause);
  }

  /** The same failure, found in the file that another field leads to. */
  DatasetException at(String pointer) {
    return violations().isEmpty() ? this : of(code(), pointer, getMessage());
  }

  /** The same failure of a part that has a source of its own, told by the part's fields. */
  DatasetException inPart(String pointer) {
    List<Violation> own = violations();
    return own.isEmpty() || own.get(0).pointer().startsWith(pointer)
        ? this
        : of(
            code(),
            own.get(0).pointer().replaceFirst("^/dataset(?=/(uri|labels)$)", pointer),
            getMessage());
  }
}
