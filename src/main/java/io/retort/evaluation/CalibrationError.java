package io.retort.evaluation;

/**
 * Expected calibration error: how far confidence is from accuracy, averaged over equal-width bins
 * of confidence weighted by their rows (Guo et al., "On Calibration of Modern Neural Networks",
 * 2017).
 */
final class CalibrationError {

  private static final int BINS = 15;

  private final double[] confidence = new double[BINS];
  private final int[] correct = new int[BINS];
  private final int[] rows = new int[BINS];

  /**
   * @param probability of the predicted class, 0..1; a bin's upper edge belongs to it
   */
  void add(double probability, boolean isCorrect) {
    int bin = Math.max(0, Math.min(BINS - 1, (int) Math.ceil(probability * BINS) - 1));
    confidence[bin] += probability;
    correct[bin] += isCorrect ? 1 : 0;
    rows[bin]++;
  }

  double value() {
    double gap = 0;
    int total = 0;
    for (int b = 0; b < BINS; b++) {
      gap += Math.abs(correct[b] - confidence[b]);
      total += rows[b];
    }
    return total == 0 ? 0 : gap / total;
  }
}
