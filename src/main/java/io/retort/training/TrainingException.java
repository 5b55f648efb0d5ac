package io.retort.training;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;
import io.retort.spec.Violation;
import java.util.List;

/** A network that does not fit its data, or a training that came to nothing. */
public final class TrainingException extends RetortException {

  private TrainingException(String code, String message, List<Violation> violations) {
    super(Fault.DATA, code, message, violations);
  }

  static TrainingException doesNotFit(String pointer, String message) {
    return new TrainingException(
        "architecture_mismatch", message, List.of(Violation.of(pointer, message)));
  }

  static TrainingException diverged(int epoch, long step, double learningRate) {
    return new TrainingException(
        "diverged",
        ("The loss is no longer finite in epoch %d (step %d, learning rate %s)."
                + " Lower the learning rate, add warm-up, or set dataset.standardize.")
            .formatted(epoch, step, learningRate),
        List.of());
  }
}
