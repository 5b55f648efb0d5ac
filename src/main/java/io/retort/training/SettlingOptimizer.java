package io.retort.training;

/**
 * An optimiser under which parameters that tend to 0 come to rest, at 0 or within 1e-25 of it. What
 * a term trains to give a channel of the teacher that is always 0 shrinks by some share at every
 * step; after some thousand of them it would be a denormal number, for which a processor takes a
 * hundred times as long.
 */
record SettlingOptimizer(Optimizer optimizer) implements Optimizer {

  /** Parameters keep no finer digits than it has; those from 1e-12 on keep all of theirs. */
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
