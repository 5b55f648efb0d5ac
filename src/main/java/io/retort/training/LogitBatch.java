package io.retort.training;

import java.nio.FloatBuffer;

/** A batch of logits on its way from native floats to the doubles that losses are computed in. */
final class LogitBatch {

  /**
   * Gradients below it are 0. A student that is sure of a row gives the other classes as little as
   * e^-100, and of such numbers products make denormal ones, for which a processor takes a hundred
   * times as long; no parameter would notice them.
   */
  private static final double TINY = 1e-20;

  private final float[] floats;
  private final double[] doubles;

  LogitBatch(int size) {
    floats = new float[size];
    doubles = new double[size];
  }

  /** Reads the first {@code count} floats of a buffer. */
  double[] read(FloatBuffer from, int count) {
    return read(from, 0, count);
  }

  double[] read(FloatBuffer from, int first, int count) {
    from.get(first, floats, 0, count);
    for (int i = 0; i < count; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  /** Room for a gradient that {@link #writeGradient} hands on. */
  double[] doubles() {
    return doubles;
  }

  void writeGradient(FloatBuffer into, int count) {
    for (int i = 0; i < count; i++) {
      floats[i] = Math.abs(doubles[i]) < TINY ? 0 : (float) doubles[i];
    }
    into.put(0, floats, 0, count);
  }
}
