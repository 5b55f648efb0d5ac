package io.retort.pipeline;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;
import io.retort.spec.Violation;
import java.util.List;

/** A job needs more memory than there is for it. */
public final class MemoryException extends RetortException {

  private static final long MIB = 1 << 20;

  /**
   * @param most that a job may need here
   */
  public MemoryException(MemoryEstimate needed, long most) {
    super(
        Fault.DATA,
        "too_much_memory",
        "The job would need about %,d MiB of memory, mostly for the training of %s; a job may need %,d MiB here. A smaller network or training.batchSize needs less."
            .formatted(needed.bytes() / MIB, needed.pointer(), most / MIB),
        List.of(
            Violation.of(needed.pointer(), "needs too much memory with this training.batchSize")));
  }
}
