package io.retort.dataset;

/** A Gaussian filter of sigma 2, cut at four sigmas, mirrored at the ends. */
final class GaussianFilter {

  private static final double SIGMA = 2;
  private static final int RADIUS = 8;

  private GaussianFilter() {}

  static double[] smoothed(double[] values) {
    double[] kernel = new double[2 * RADIUS + 1];
    double sum = 0;
    for (int i = -RADIUS; i <= RADIUS; i++) {
      kernel[i + RADIUS] = StrictMath.exp(-i * i / (2 * SIGMA * SIGMA));
      sum += kernel[i + RADIUS];
    }
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      for (int k = -RADIUS; k <= RADIUS; k++) {
        result[i] += kernel[k + RADIUS] / sum * values[mirrored(i + k, values.length)];
      }
    }
    return result;
  }

  private static int mirrored(int i, int length) {
    int folded = Math.floorMod(i, 2 * length);
    return folded < length ? folded : 2 * length - 1 - folded;
  }
}
