package io.retort.onnx;

/**
 * How the numbers of a tensor stand as uint8: {@code number = step * (whole - zero)}.
 *
 * @param step above 0
 * @param zero the whole number that stands for 0, in 0..255
 */
record Scale(float step, int zero) {

  /** Whole numbers above the smallest. */
  private static final int STEPS = 255;

  /**
   * Covers a range, which is widened to hold 0: padding and ReLU need it exactly.
   *
   * @param low least number seen
   * @param high largest number seen
   */
  static Scale covering(float low, float high) {
    double from = Math.min(low, 0);
    double to = Math.max(high, 0);
    // of a tensor that is always 0, any step is right
    float step = from == to ? 1 : (float) Math.max((to - from) / STEPS, Float.MIN_NORMAL);
    return new Scale(step, (int) Math.min(Math.round(-from / step), STEPS));
  }
}
