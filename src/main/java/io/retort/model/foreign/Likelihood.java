package io.retort.model.foreign;

/** Whether numbers look like probabilities. */
final class Likelihood {

  private static final float SLACK = 1e-4f;

  private Likelihood() {}

  static boolean inUnitRange(float[] values) {
    for (float v : values) {
      if (!(v >= -SLACK && v <= 1 + SLACK)) {
        return false;
      }
    }
    return true;
  }

  static boolean sumToOne(float[] values, int width) {
    for (int row = 0; row + width <= values.length; row += width) {
      double sum = 0;
      for (int i = 0; i < width; i++) {
        sum += values[row + i];
      }
      if (Math.abs(sum - 1) > 10 * SLACK) {
        return false;
      }
    }
    return true;
  }
}
