package io.retort.training;

/**
 * An optimiser under which parameters that tend to 0 arrive there. What a term trains to give a
 * channel of the teacher that is always 0 shrinks by some share at every step; after some thousand
 * of them it would be numbers so small that a processor takes a hundred times as long for each.
 */
record SettlingOptimizer(Optimizer optimizer) implements Optimizer {

  /** Numbers that vanish beside it become 0; those from 1e-12 on keep all their digits. */
  private static final float TINY = 1e-20f;

  @Override
  public void begin(double learningRate) {
    optimizer.begin(learningRate);
  }

  @Override
  public void move(float[] parameters, float[] gradient, int piece, int count) {
    optimizer.move(parameters, gradient, piece, count);
    for (int i = 0; i < count; i++) {
      parameters[i] = (parameters[i] + TINY) - TINY;
    }
  }

  @Override
  public void save(Checkpoint into) {
    optimizer.save(into);
  }

  @Override
  public void load(Checkpoint from) {
    optimizer.load(from);
  }
}
