package io.retort.evaluation;

/** Softmax in double precision, shifted by the largest logit so that nothing overflows. */
final class Softmax {

  private Softmax() {}

  /** Writes the log-probabilities of a row of logits. */
  static void logProbabilities(float[] logits, double[] into) {
    double max = Double.NEGATIVE_INFINITY;
    for (float z : logits) {
      max = Math.max(max, z);
    }
    double sum = 0;
    for (float z : logits) {
      sum += Math.exp(z - max);
    }
    double logSum = max + Math.log(sum);
    for (int c = 0; c < logits.length; c++) {
      into[c] = logits[c] - logSum;
    }
  }

  /** The first of the largest values, so that ties break the same way everywhere. */
  static int largest(float[] logits) {
    int best = 0;
    for (int c = 1; c < logits.length; c++) {
      if (logits[c] > logits[best]) {
        best = c;
      }
    }
    return best;
  }
}
