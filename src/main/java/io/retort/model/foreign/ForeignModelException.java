package io.retort.model.foreign;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;
import org.jspecify.annotations.Nullable;

/** A model of another framework that cannot be read or run. */
public final class ForeignModelException extends RetortException {

  ForeignModelException(String code, String message) {
    super(Fault.DATA, code, message);
  }

  private ForeignModelException(Fault fault, String code, String message, Throwable cause) {
    super(fault, code, message, cause);
  }

  static ForeignModelException damaged(String what) {
    return new ForeignModelException("damaged_model", "The model file is damaged: " + what + ".");
  }

  static ForeignModelException unsupported(String what) {
    return new ForeignModelException("unsupported_model", what);
  }

  static ForeignModelException tooLarge(String what) {
    return new ForeignModelException("model_too_large", what);
  }

  /**
   * @param output the last that the process said, for the log
   */
  static ForeignModelException died(@Nullable Integer status, long memoryBytes, String output) {
    return new ForeignModelException(
        Fault.DATA,
        "model_crashed",
        ("The process that read the model ended unexpectedly%s: the file is damaged, or it needs more"
                + " than the %,d MB that retort.models.memory allows.")
            .formatted(status == null ? "" : " (status " + status + ")", memoryBytes >> 20),
        new IllegalStateException(output));
  }

  static ForeignModelException slow(long seconds) {
    return new ForeignModelException(
        "model_timeout",
        "The model was not read or run within %,d seconds and was given up.".formatted(seconds));
  }

  static ForeignModelException notStarted(Throwable cause) {
    return new ForeignModelException(
        Fault.UNAVAILABLE,
        "model_process_failed",
        "The process that reads models could not be started.",
        cause);
  }
}
