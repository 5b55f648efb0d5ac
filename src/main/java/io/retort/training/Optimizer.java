package io.retort.training;

import io.retort.spec.OptimizerSpec;

/** Moves parameters against their gradient, one pass over flat arrays of the same length. */
interface Optimizer {

  /**
   * Takes one step.
   *
   * @param learningRate of this step, schedule included
   */
  void step(float[] parameters, float[] gradient, double learningRate);

  static Optimizer of(OptimizerSpec spec, int size) {
    if (spec instanceof OptimizerSpec.Adam a) {
      return new AdamOptimizer(size, a.beta1(), a.beta2(), a.epsilon(), 0);
    }
    if (spec instanceof OptimizerSpec.AdamW a) {
      return new AdamOptimizer(size, a.beta1(), a.beta2(), a.epsilon(), a.weightDecay());
    }
    OptimizerSpec.Sgd sgd = (OptimizerSpec.Sgd) spec;
    return new SgdOptimizer(size, sgd.momentum(), sgd.nesterov(), sgd.weightDecay());
  }
}
