package io.retort.training.response;

import org.jspecify.annotations.Nullable;

/**
 * DIST (Huang et al., 2022): tau^2 * (beta * (1 - mean over rows of corr(p_i, q_i)) + gamma * (1 -
 * mean over classes of corr(p_.c, q_.c))), with Pearson's correlation, 1e-8 added to its
 * denominator. Rows and classes that do not vary correlate with nothing.
 */
final class Pearson implements LogitLoss {

  private static final double EPSILON = 1e-8;

  private final double beta;
  private final double gamma;
  private final double tau;
  private final int classes;
  private final double[] logs;
  private final double[] row;

  Pearson(double beta, double gamma, double tau, int classes) {
    this.beta = beta;
    this.gamma = gamma;
    this.tau = tau;
    this.classes = classes;
    this.logs = new double[classes];
    this.row = new double[classes];
  }

  @Override
  public double add(
      double[] student,
      double[] teacher,
      int[] labels,
      int rows,
      double weight,
      double @Nullable [] gradient) {
    double[] p = probabilities(student, rows);
    double[] q = probabilities(teacher, rows);
    double[] slope = new double[p.length];
    double within = 0;
    for (int r = 0; r < rows; r++) {
      within += correlate(p, q, r * classes, 1, classes, beta / rows, slope);
    }
    double across = 0;
    for (int c = 0; c < classes; c++) {
      across += correlate(p, q, c, classes, rows, gamma / classes, slope);
    }
    if (gradient != null) {
      throughSoftmax(p, slope, rows, weight * tau, gradient);
    }
    return tau * tau * (beta * (1 - within / rows) + gamma * (1 - across / classes));
  }

  private double[] probabilities(double[] logits, int rows) {
    double[] all = new double[rows * classes];
    for (int r = 0; r < rows; r++) {
      Softmax.of(logits, r * classes, tau, logs, row);
      System.arraycopy(row, 0, all, r * classes, classes);
    }
    return all;
  }

  /** Correlation of two vectors within arrays; takes its slope times -scale on top of slope. */
  private static double correlate(
      double[] p, double[] q, int at, int step, int length, double scale, double[] slope) {
    double meanP = 0;
    double meanQ = 0;
    for (int i = 0; i < length; i++) {
      meanP += p[at + i * step] / length;
      meanQ += q[at + i * step] / length;
    }
    double pp = 0;
    double qq = 0;
    double pq = 0;
    for (int i = 0; i < length; i++) {
      double a = p[at + i * step] - meanP;
      double b = q[at + i * step] - meanQ;
      pp += a * a;
      qq += b * b;
      pq += a * b;
    }
    double sizes = Math.sqrt(pp * qq) + EPSILON;
    double rho = pq / sizes;
    double own = pp == 0 ? 0 : rho * Math.sqrt(qq / pp) / sizes;
    for (int i = 0; i < length; i++) {
      double a = p[at + i * step] - meanP;
      double b = q[at + i * step] - meanQ;
      slope[at + i * step] -= scale * (b / sizes - own * a);
    }
    return rho;
  }

  private void throughSoftmax(
      double[] p, double[] slope, int rows, double scale, double[] gradient) {
    for (int r = 0; r < rows; r++) {
      int at = r * classes;
      double mean = 0;
      for (int c = 0; c < classes; c++) {
        mean += p[at + c] * slope[at + c];
      }
      for (int c = 0; c < classes; c++) {
        gradient[at + c] += scale * p[at + c] * (slope[at + c] - mean);
      }
    }
  }
}
