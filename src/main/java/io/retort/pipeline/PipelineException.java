package io.retort.pipeline;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;
import io.retort.spec.Violation;
import java.util.List;

/** Parts of a job that do not fit each other, or a run that could not be finished. */
public final class PipelineException extends RetortException {

  private PipelineException(String code, String message, Violation violation) {
    super(Fault.DATA, code, message, List.of(violation));
  }

  private PipelineException(String code, String message, Throwable cause) {
    super(Fault.UNAVAILABLE, code, message, cause);
  }

  /** Spec, dataset and teacher contradict each other. */
  public static PipelineException mismatch(String code, String pointer, String message) {
    return new PipelineException(code, message, Violation.of(pointer, message));
  }

  /** The work directory cannot be written. */
  static PipelineException unwritable(Throwable cause) {
    return new PipelineException(
        "storage_failed",
        "The job's files could not be written; check the free space of the data directory.",
        cause);
  }
}
