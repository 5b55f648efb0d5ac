package io.retort.training.response;

import org.jspecify.annotations.Nullable;

/**
 * tau^2 / B * sum q (log q - log p), gradient tau / B (p - q) (Hinton, Vinyals and Dean, 2015).
 * With logit standardisation (Sun et al., 2024) every row z of either side first becomes (z - mean)
 * / (deviation + 1e-7), with C - 1 in the deviation, so that neither shift nor scale of a row
 * counts.
 */
final class Divergence implements LogitLoss {

  private static final double EPSILON = 1e-7;

  private final double tau;
  private final boolean standardize;
  private final int classes;
  private final double[] s;
  private final double[] t;
  private final double[] logP;
  private final double[] p;
  private final double[] logQ;
  private final double[] q;

  Divergence(double tau, boolean standardize, int classes) {
    this.tau = tau;
    this.standardize = standardize;
    this.classes = classes;
    this.s = new double[classes];
    this.t = new double[classes];
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
    for (int r = 0; r < rows; r++) {
      double deviation = row(student, r, s);
      row(teacher, r, t);
      Softmax.of(s, 0, tau, logP, p);
      Softmax.of(t, 0, tau, logQ, q);
      for (int c = 0; c < classes; c++) {
        loss += q[c] == 0 ? 0 : tau * tau / rows * q[c] * (logQ[c] - logP[c]);
      }
      if (gradient != null) {
        slope(gradient, r * classes, weight * tau / rows, deviation);
      }
    }
    return loss;
  }

  /** Copies a row, standardised if asked for; returns its deviation. */
  private double row(double[] from, int r, double[] into) {
    System.arraycopy(from, r * classes, into, 0, classes);
    if (!standardize) {
      return 1;
    }
    double mean = 0;
    for (double z : into) {
      mean += z / classes;
    }
    double squares = 0;
    for (int c = 0; c < classes; c++) {
      into[c] -= mean;
      squares += into[c] * into[c];
    }
    double deviation = Math.sqrt(squares / Math.max(1, classes - 1));
    for (int c = 0; c < classes; c++) {
      into[c] /= deviation + EPSILON;
    }
    return deviation;
  }

  private void slope(double[] gradient, int at, double scale, double deviation) {
    double mean = 0;
    double along = 0;
    for (int c = 0; c < classes; c++) {
      double g = scale * (p[c] - q[c]);
      mean += g / classes;
      along += g * s[c];
    }
    for (int c = 0; c < classes; c++) {
      double g = scale * (p[c] - q[c]);
      if (standardize) {
        g = (g - mean) / (deviation + EPSILON);
        g -= deviation == 0 ? 0 : s[c] * along / ((classes - 1) * deviation);
      }
      gradient[at + c] += g;
    }
  }
}
