package io.retort.training;

import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.transforms.gradient.ThresholdReluBp;

/** Swaps operations that SameDiff chose for faster ones that give the same numbers. */
final class RewriteRules {

  private RewriteRules() {}

  /**
   * ReLU's gradient: SameDiff takes the one with a threshold, which is several times slower than
   * the plain one; the threshold is 0 here.
   */
  static DifferentialFunction apply(DifferentialFunction function) {
    return function instanceof ThresholdReluBp
        ? DynamicCustomOp.builder("relu_bp").build()
        : function;
  }
}
