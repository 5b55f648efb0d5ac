package io.retort.pipeline;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;
import io.retort.spec.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parts of a job that do not fit each other, or a run that could not be finished. */
public final class PipelineException extends RetortException {

  private final List<Violation> violations;

  private PipelineException(
      Fault fault,
      String code,
      String message,
      List<Violation> violations,
      @Nullable Throwable cause) {
    super(fault, code, message, cause);
    this.violations = violations;
  }

  /** Spec, dataset and teacher contradict each other. */
  public static PipelineException mismatch(String code, String pointer, String message) {
    return new PipelineException(
        Fault.DATA, code, message, List.of(Violation.of(pointer, message)), null);
  }

  /** The work directory cannot be written. */
  static PipelineException unwritable(Throwable cause) {
    return new PipelineException(
        Fault.UNAVAILABLE,
        "storage_failed",
        "The job's files could not be written; check the free space of the data directory.",
        List.of(),
        cause);
  }

  @Override
  public List<Violation> violations() {
    return violations;
  }
}
