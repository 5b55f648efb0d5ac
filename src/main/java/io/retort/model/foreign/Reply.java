package io.retort.model.foreign;

import io.retort.model.ModelInfo;
import io.retort.model.TensorInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the process of models: one of the three.
 *
 * @param info what an inspection found
 * @param outputs those of an opened model
 * @param problem why there is neither
 */
record Reply(
    @Nullable ModelInfo info, @Nullable List<TensorInfo> outputs, @Nullable Problem problem) {

  /** As {@code RetortException} has them. */
  record Problem(String code, String message) {}

  static Reply problem(String code, String message) {
    return new Reply(null, null, new Problem(code, message));
  }
}
