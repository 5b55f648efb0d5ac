package io.retort.training;

import java.nio.FloatBuffer;

/**
 * One pass of an optimiser over native parameters and gradients, in pieces that stay in the
 * processor's first cache: loops over arrays of the heap are vectorised, loops over native buffers
 * are not, and copying a piece costs next to nothing.
 */
final class ParameterUpdate {

  private static final int PIECE = 2048;

  private final Optimizer optimizer;
  private final FloatBuffer parameters;
  private final FloatBuffer gradients;
  private final int size;
  private final float[] values = new float[PIECE];
  private final float[] slopes = new float[PIECE];

  ParameterUpdate(Optimizer optimizer, FlatParameters parameters, FlatParameters gradients) {
    this.optimizer = optimizer;
    this.parameters = parameters.floats();
    this.gradients = gradients.floats();
    this.size = parameters.trainedCount();
  }

  void step(double learningRate) {
    optimizer.begin(learningRate);
    for (int first = 0; first < size; first += PIECE) {
      int count = Math.min(PIECE, size - first);
      parameters.get(first, values, 0, count);
      gradients.get(first, slopes, 0, count);
      optimizer.move(values, slopes, first, count);
      parameters.put(first, values, 0, count);
    }
  }
}
