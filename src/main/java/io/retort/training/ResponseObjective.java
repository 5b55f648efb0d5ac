package io.retort.training;

import io.retort.spec.ObjectiveSpec;
import io.retort.spec.ObjectiveSpec.Distillation;
import org.jspecify.annotations.Nullable;

/**
 * The loss of a batch and its gradient with respect to the student's logits, in double precision:
 *
 * <pre>L = alpha * D + beta * CE</pre>
 *
 * With B rows, p = softmax(s / tau), q = softmax(t / tau) and T the temperature of the hard loss:
 *
 * <ul>
 *   <li>{@code kl}: D = k / B * sum q (log q - log p), gradient k / (tau B) (p - q), where k is
 *       tau^2 or 1 (Hinton, Vinyals and Dean, 2015)
 *   <li>{@code mse}: D = mean over rows and classes of (s - t)^2, gradient 2 (s - t) / (B C); tau
 *       plays no part (Ba and Caruana, 2014)
 *   <li>CE = -1 / B * sum log softmax(s / T)[y], gradient (softmax(s / T) - onehot(y)) / (T B)
 * </ul>
 *
 * Written out rather than left to automatic differentiation: it is exact, shifted so that large
 * logits neither overflow nor lose their small probabilities, and costs one pass over the batch.
 */
final class ResponseObjective {

  private final ObjectiveSpec spec;
  private final int classes;
  private final double[] logP;
  private final double[] p;
  private final double[] logQ;
  private final double[] q;

  private double distillation;
  private double student;

  ResponseObjective(ObjectiveSpec spec, int classes) {
    this.spec = spec;
    this.classes = classes;
    this.logP = new double[classes];
    this.p = new double[classes];
    this.logQ = new double[classes];
    this.q = new double[classes];
  }

  boolean needsTeacher() {
    return spec.alpha() > 0;
  }

  /**
   * Computes loss and gradient; the means are then in {@link #distillationLoss} and {@link
   * #studentLoss}.
   *
   * @param logits of the student, [rows, classes] row-major
   * @param teacher logits likewise; null where alpha is 0
   * @param labels the class of each row
   * @param gradient receives dL / dlogits; null where it is not wanted
   * @return the total loss
   */
  double evaluate(
      double[] logits,
      double @Nullable [] teacher,
      int[] labels,
      int rows,
      double @Nullable [] gradient) {
    distillation = 0;
    student = 0;
    for (int r = 0; r < rows; r++) {
      int at = r * classes;
      if (gradient != null) {
        java.util.Arrays.fill(gradient, at, at + classes, 0);
      }
      hardLoss(logits, at, labels[r], rows, gradient);
      if (teacher != null && needsTeacher()) {
        if (spec.distillation() == Distillation.KL) {
          divergence(logits, teacher, at, rows, gradient);
        } else {
          squaredDifference(logits, teacher, at, rows, gradient);
        }
      }
    }
    return spec.alpha() * distillation + spec.beta() * student;
  }

  /** Before alpha. */
  double distillationLoss() {
    return distillation;
  }

  /** Before beta. */
  double studentLoss() {
    return student;
  }

  private void hardLoss(
      double[] logits, int at, int label, int rows, double @Nullable [] gradient) {
    double temperature = spec.hardLossTemperature();
    softmax(logits, at, temperature, logP, p);
    student -= logP[label] / rows;
    if (gradient != null && spec.beta() > 0) {
      double scale = spec.beta() / (temperature * rows);
      for (int c = 0; c < classes; c++) {
        gradient[at + c] += scale * (p[c] - (c == label ? 1 : 0));
      }
    }
  }

  private void divergence(
      double[] logits, double[] teacher, int at, int rows, double @Nullable [] gradient) {
    double tau = spec.tau();
    double k = spec.tauSquared() ? tau * tau : 1;
    softmax(logits, at, tau, logP, p);
    softmax(teacher, at, tau, logQ, q);
    double scale = spec.alpha() * k / (tau * rows);
    for (int c = 0; c < classes; c++) {
      distillation += q[c] == 0 ? 0 : k / rows * q[c] * (logQ[c] - logP[c]);
      if (gradient != null) {
        gradient[at + c] += scale * (p[c] - q[c]);
      }
    }
  }

  private void squaredDifference(
      double[] logits, double[] teacher, int at, int rows, double @Nullable [] gradient) {
    double n = (double) rows * classes;
    for (int c = 0; c < classes; c++) {
      double d = logits[at + c] - teacher[at + c];
      distillation += d * d / n;
      if (gradient != null) {
        gradient[at + c] += spec.alpha() * 2 * d / n;
      }
    }
  }

  /** Both at once: the exponentials are most of what a loss costs. */
  private void softmax(
      double[] logits, int at, double temperature, double[] logarithms, double[] probabilities) {
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
