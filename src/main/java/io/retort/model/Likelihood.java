package io.retort.model;

/** Whether numbers look like probabilities. */
public final class Likelihood {

  private static final float SLACK = 1e-4f;

  private Likelihood() {}

  /** Whether all lie in 0..1, but for rounding. */
  public static boolean inUnitRange(float[] values) {
    for (float v : values) {
      if (!(v >= -SLACK && v <= 1 + SLACK)) {
        return false;
      }
    }
    return true;
  }

  /** Whether every row of so many numbers sums to 1, but for rounding. */
  public static boolean sumToOne(float[] values, int width) {
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
