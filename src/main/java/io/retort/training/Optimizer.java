package io.retort.training;

import io.retort.spec.OptimizerSpec;

/** Moves parameters against their gradient, a piece of the flat vectors at a time. */
interface Optimizer {

  /**
   * Begins a step.
   *
   * @param learningRate of this step, schedule included
   */
  void begin(double learningRate);

  /**
   * Moves some parameters; every one is moved once a step.
   *
   * @param parameters changed in place, from index 0
   * @param gradient likewise read
   * @param first where the piece begins in the flat vector
   */
  void move(float[] parameters, float[] gradient, int first, int count);

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
