package io.retort.training;

import java.nio.FloatBuffer;

/**
 * One pass of an optimiser over native parameters and gradients. Pieces are copied to the heap and
 * back: loops over arrays are vectorised, loops over native buffers are not, and copying within the
 * processor's first cache costs next to nothing.
 */
final class ParameterUpdate {

  private final Optimizer optimizer;
  private final FlatParameters moved;
  private final FlatParameters followed;
  private final FloatBuffer parameters;
  private final FloatBuffer gradients;
  private final int size;
  private final float[] values = new float[Optimizer.PIECE];
  private final float[] slopes = new float[Optimizer.PIECE];

  ParameterUpdate(Optimizer optimizer, FlatParameters parameters, FlatParameters gradients) {
    this.optimizer = optimizer;
    this.moved = parameters;
    this.followed = gradients;
    this.parameters = parameters.floats();
    this.gradients = gradients.floats();
    this.size = parameters.trainedCount();
  }

  void step(double learningRate) {
    optimizer.begin(learningRate);
    HostMemory.isRead(followed.vector());
    for (int first = 0; first < size; first += Optimizer.PIECE) {
      int count = Math.min(Optimizer.PIECE, size - first);
      parameters.get(first, values, 0, count);
      gradients.get(first, slopes, 0, count);
      optimizer.move(values, slopes, first / Optimizer.PIECE, count);
      parameters.put(first, values, 0, count);
    }
    HostMemory.isWritten(moved.vector());
  }
}
