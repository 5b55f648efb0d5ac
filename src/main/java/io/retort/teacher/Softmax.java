package io.retort.teacher;

import java.nio.FloatBuffer;

/** Softmax at temperature 1, shifted by the largest logit so that nothing overflows. */
public final class Softmax {

  private Softmax() {}

  /**
   * @param logits a row begins at absolute index {@code at}
   * @param into receives the row's probabilities
   */
  public static void of(FloatBuffer logits, int at, double[] into) {
    double max = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < into.length; c++) {
      max = Math.max(max, logits.get(at + c));
    }
    double sum = 0;
    for (int c = 0; c < into.length; c++) {
      into[c] = Math.exp(logits.get(at + c) - max);
      sum += into[c];
    }
    for (int c = 0; c < into.length; c++) {
      into[c] /= sum;
    }
  }
}
