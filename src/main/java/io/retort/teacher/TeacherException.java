package io.retort.teacher;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;
import io.retort.spec.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A teacher that gives no usable logits, or soft targets that cannot be kept. */
public final class TeacherException extends RetortException {

  private TeacherException(String code, String message, Violation violation) {
    super(Fault.DATA, code, message, List.of(violation));
  }

  private TeacherException(Fault fault, String code, String message, @Nullable Throwable cause) {
    super(fault, code, message, cause);
  }

  /** Numbers that nobody can learn from. */
  public static TeacherException notFinite(int row) {
    return new TeacherException(
        Fault.DATA,
        "teacher_not_finite",
        "The teacher's output for row "
            + row
            + " is not finite; check its training and the range of the features.",
        null);
  }

  /**
   * A teacher that does not fit the dataset.
   *
   * @param pointer of the field that decides it
   */
  public static TeacherException mismatch(String code, String pointer, String message) {
    return new TeacherException(code, message, Violation.of(pointer, message));
  }

  static TeacherException notProbabilities(float value) {
    return new TeacherException(
        Fault.DATA,
        "output_kind_mismatch",
        ("The teacher's output was taken for probabilities, but it gave %s; set"
                + " `teacher.outputKind` to `logits` or pick another `teacher.output`.")
            .formatted(value),
        null);
  }

  /** Numbers that half precision cannot hold. */
  public static TeacherException tooLargeForHalf(float value) {
    String message =
        "The teacher gave %g, and float16 holds numbers up to 65504; use float32.".formatted(value);
    return new TeacherException(
        "soft_targets_overflow", message, Violation.of("/teacher/softTargetPrecision", message));
  }

  /** More soft targets than the store may ever hold. */
  public static TeacherException tooManyTargets(long bytes, long maxBytes) {
    String message =
        ("The soft targets of this dataset take up to %,d bytes, and the store holds %,d"
                + " (retort.soft-targets.max-bytes); raise that or use float16.")
            .formatted(bytes, maxBytes);
    return new TeacherException(
        "soft_targets_too_large", message, Violation.of("/teacher/softTargetPrecision", message));
  }

  /** No room, or no right to write. */
  public static TeacherException notStored(Throwable cause) {
    return new TeacherException(
        Fault.UNAVAILABLE,
        "storage_failed",
        "The soft targets could not be written; check the free space of the data directory.",
        cause);
  }
}
