package io.retort.training;

import io.retort.spec.OptimizerSpec;

/**
 * Moves parameters against their gradient, one piece of the flat vectors after the other. What an
 * optimiser remembers lies in pieces too: loops whose arrays all begin at index 0 are vectorised by
 * the compiler, loops with an offset are not.
 */
interface Optimizer {

  /** Parameters in a piece; the arrays of one stay in the processor's first cache. */
  int PIECE = 2048;

  /**
   * Begins a step.
   *
   * @param learningRate of this step, schedule included
   */
  void begin(double learningRate);

  /**
   * Moves the parameters of a piece; every piece is moved once a step.
   *
   * @param parameters changed in place, from index 0
   * @param gradient likewise read
   * @param piece which one; parameter i is in piece i / {@link #PIECE}
   * @param count parameters in it
   */
  void move(float[] parameters, float[] gradient, int piece, int count);

  /** Zeros to remember a number for each parameter by. */
  static float[][] memory(int size) {
    return new float[(size + PIECE - 1) / PIECE][PIECE];
  }

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
