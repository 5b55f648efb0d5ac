package io.retort.training.response;

import org.jspecify.annotations.Nullable;

/**
 * Decoupled distillation (Zhao et al., 2022): tau^2 / B * sum (alpha * KL of [q_y, 1 - q_y] and
 * [p_y, 1 - p_y] + beta * KL of the softmax over the other classes). With n the softmax without the
 * label's class, the gradient is tau / B alpha (p_y - q_y) at the label, and tau / B (beta (n_p -
 * n_q) - alpha (p_y - q_y) n_p) elsewhere.
 */
final class Decoupled implements LogitLoss {

  private final double alpha;
  private final double beta;
  private final double tau;
  private final int classes;
  private final Side p;
  private final Side q;

  Decoupled(double alpha, double beta, double tau, int classes) {
    this.alpha = alpha;
    this.beta = beta;
    this.tau = tau;
    this.classes = classes;
    this.p = new Side();
    this.q = new Side();
  }

  /** One row of student or teacher, split at the label. */
  private final class Side {
    final double[] logs = new double[classes];
    final double[] probabilities = new double[classes];
    final double[] otherLogs = new double[classes];
    double logRest;

    void read(double[] logits, int at, int label) {
      Softmax.of(logits, at, tau, logs, probabilities);
      double max = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        max = c == label ? max : Math.max(max, logs[c]);
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += c == label ? 0 : Math.exp(logs[c] - max);
      }
      logRest = max + Math.log(sum);
      for (int c = 0; c < classes; c++) {
        otherLogs[c] = logs[c] - logRest;
      }
    }

    double other(int c) {
      return Math.exp(otherLogs[c]);
    }
  }

  @Override
  public double add(
      double[] student,
      double[] teacher,
      int[] labels,
      int rows,
      double weight,
      double @Nullable [] gradient) {
    double target = 0;
    double others = 0;
    for (int r = 0; r < rows; r++) {
      int at = r * classes;
      int y = labels[r];
      p.read(student, at, y);
      q.read(teacher, at, y);
      target += part(q.logs[y], p.logs[y]) + part(q.logRest, p.logRest);
      double miss = p.probabilities[y] - q.probabilities[y];
      double scale = weight * tau / rows;
      for (int c = 0; c < classes; c++) {
        if (c != y) {
          others += part(q.otherLogs[c], p.otherLogs[c]);
        }
        if (gradient != null) {
          gradient[at + c] +=
              c == y
                  ? scale * alpha * miss
                  : scale * (beta * (p.other(c) - q.other(c)) - alpha * miss * p.other(c));
        }
      }
    }
    return tau * tau / rows * (alpha * target + beta * others);
  }

  private static double part(double logQ, double logP) {
    double q = Math.exp(logQ);
    return q == 0 ? 0 : q * (logQ - logP);
  }
}
