package io.retort.training.response;

import org.jspecify.annotations.Nullable;

/**
 * tau^2 / B * sum (KL(q || m) + KL(p || m)) / 2 with m = (p + q) / 2 (Lin, 1991). Bounded by tau^2
 * log 2; its slope with respect to p is log(p / m) / 2.
 */
final class JensenShannon implements LogitLoss {

  private final double tau;
  private final int classes;
  private final double[] logP;
  private final double[] p;
  private final double[] logQ;
  private final double[] q;

  JensenShannon(double tau, int classes) {
    this.tau = tau;
    this.classes = classes;
    this.logP = new double[classes];
    this.p = new double[classes];
    this.logQ = new double[classes];
    this.q = new double[classes];
  }

  @Override
  public double add(
      double[] student,
      double[] teacher,
      int[] labels,
      int rows,
      double weight,
      double @Nullable [] gradient) {
    double loss = 0;
    double scale = tau * tau / (2 * rows);
    for (int r = 0; r < rows; r++) {
      int at = r * classes;
      Softmax.of(student, at, tau, logP, p);
      Softmax.of(teacher, at, tau, logQ, q);
      double own = 0;
      for (int c = 0; c < classes; c++) {
        double logM = Math.log((p[c] + q[c]) / 2);
        own += p[c] == 0 ? 0 : p[c] * (logP[c] - logM);
        loss += q[c] == 0 ? 0 : scale * q[c] * (logQ[c] - logM);
      }
      loss += scale * own;
      for (int c = 0; gradient != null && c < classes; c++) {
        double ratio = p[c] == 0 ? 0 : logP[c] - Math.log((p[c] + q[c]) / 2);
        gradient[at + c] += weight * scale / tau * p[c] * (ratio - own);
      }
    }
    return loss;
  }
}
