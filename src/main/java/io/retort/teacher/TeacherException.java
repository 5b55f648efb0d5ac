package io.retort.teacher;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;
import org.jspecify.annotations.Nullable;

/** A teacher that gives no usable logits, or soft targets that cannot be kept. */
public final class TeacherException extends RetortException {

  private TeacherException(Fault fault, String code, String message, @Nullable Throwable cause) {
    super(fault, code, message, cause);
  }

  static TeacherException notFinite(int row) {
    return new TeacherException(
        Fault.DATA,
        "teacher_not_finite",
        "The teacher's logits for row "
            + row
            + " are not finite; check its training and the range of the features.",
        null);
  }

  static TeacherException notStored(Throwable cause) {
    return new TeacherException(
        Fault.UNAVAILABLE,
        "storage_failed",
        "The soft targets could not be written; check the free space of the data directory.",
        cause);
  }
}
