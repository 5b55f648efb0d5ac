package io.retort.training.response;

/** Softmax of a row and its logarithm, shifted so that nothing overflows. */
public final class Softmax {

  private Softmax() {}

  /**
   * Both at once: the exponentials are most of what a loss costs.
   *
   * @param logits row-major; the row begins at {@code at}
   * @param logarithms receives the row's log-probabilities from index 0, and so its length
   * @param probabilities likewise
   */
  public static void of(
      double[] logits, int at, double temperature, double[] logarithms, double[] probabilities) {
    int classes = logarithms.length;
    double max = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      max = Math.max(max, logits[at + c]);
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      logarithms[c] = (logits[at + c] - max) / temperature;
      probabilities[c] = Math.exp(logarithms[c]);
      sum += probabilities[c];
    }
    double logSum = Math.log(sum);
    for (int c = 0; c < classes; c++) {
      logarithms[c] -= logSum;
      probabilities[c] /= sum;
    }
  }
}
