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
   * A running mean of gradients keeps no finer digits than it has, which no parameter would notice;
   * those from 1e-14 on keep all of theirs. The mean of a weight whose gradient has become 0, as
   * behind a unit that is never on, would otherwise shrink to a denormal number within a thousand
   * steps, for which a processor takes a hundred times as long.
   */
  float TINY = 1e-22f;

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

  /** Puts what it remembers into a checkpoint. */
  void save(Checkpoint into);

  /** Takes up what {@link #save} put there. */
  void load(Checkpoint from);

  /** Zeros to remember a number for each parameter by. */
  static float[][] memory(int size) {
    return new float[(size + PIECE - 1) / PIECE][PIECE];
  }

  /** Puts a memory into a checkpoint, as one vector. */
  static void save(String name, float[][] memory, Checkpoint into) {
    float[] flat = new float[memory.length * PIECE];
    for (int piece = 0; piece < memory.length; piece++) {
      System.arraycopy(memory[piece], 0, flat, piece * PIECE, PIECE);
    }
    into.put(name, flat);
  }

  /** Fills a memory from a checkpoint. */
  static void load(String name, float[][] memory, Checkpoint from) {
    float[] flat = new float[memory.length * PIECE];
    from.read(name, flat);
    for (int piece = 0; piece < memory.length; piece++) {
      System.arraycopy(flat, piece * PIECE, memory[piece], 0, PIECE);
    }
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
