package io.retort.training;

import io.retort.spec.ObjectiveSpec;
import io.retort.spec.ObjectiveSpec.Distillation;
import io.retort.spec.TauSchedule;
import io.retort.spec.TermSpec;
import io.retort.training.response.LogitLoss;
import io.retort.training.response.Softmax;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The loss of a batch and its gradient with respect to the student's logits, in double precision:
 *
 * <pre>L = alpha * D + beta * CE + the terms that look at nothing but logits</pre>
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

  /** Teachers whose logits are all alike still have a temperature. */
  private static final double LEAST_SPREAD = 1e-3;

  private final ObjectiveSpec spec;
  private final int classes;
  private final double[] logP;
  private final double[] p;
  private final double[] logQ;
  private final double[] q;

  private final List<LogitLoss> terms = new ArrayList<>();
  private final double[] weights;
  private final double[] termLosses;
  private final int epochs;

  private double tau;
  private double distillation;
  private double student;

  ResponseObjective(ObjectiveSpec spec, int classes) {
    this(spec, classes, 1);
  }

  /**
   * @param epochs of the whole training, for what moves over it
   */
  ResponseObjective(ObjectiveSpec spec, int classes, int epochs) {
    this.spec = spec;
    this.classes = classes;
    this.epochs = epochs;
    for (TermSpec term : spec.terms()) {
      if (term.readsOnlyLogits()) {
        terms.add(LogitLoss.of(term, classes));
      }
    }
    this.weights = new double[terms.size()];
    this.termLosses = new double[terms.size()];
    begin(1);
    this.logP = new double[classes];
    this.p = new double[classes];
    this.logQ = new double[classes];
    this.q = new double[classes];
  }

  boolean needsTeacher() {
    return spec.alpha() > 0 || !terms.isEmpty();
  }

  /**
   * Sets temperature and weights of an epoch.
   *
   * @param epoch from 1
   */
  void begin(int epoch) {
    tau = spec.tauSchedule().at(spec.tau(), epoch, epochs);
    int next = 0;
    for (TermSpec term : spec.terms()) {
      if (term.readsOnlyLogits()) {
        weights[next++] = WarmUp.weight(term, epoch);
      }
    }
  }

  /**
   * Computes loss and gradient; the means are then in {@link #distillationLoss} and {@link
   * #studentLoss}.
   *
   * @param logits of the student, [rows, classes] row-major
   * @param teacher logits likewise; null where nothing looks at it
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
    double temperature = teacher == null ? tau : temperature(teacher, rows);
    for (int r = 0; r < rows; r++) {
      int at = r * classes;
      if (gradient != null) {
        java.util.Arrays.fill(gradient, at, at + classes, 0);
      }
      hardLoss(logits, at, labels[r], rows, gradient);
      if (teacher != null && spec.alpha() > 0) {
        if (spec.distillation() == Distillation.KL) {
          divergence(logits, teacher, at, rows, temperature, gradient);
        } else {
          squaredDifference(logits, teacher, at, rows, gradient);
        }
      }
    }
    double total = spec.alpha() * distillation + spec.beta() * student;
    for (int i = 0; teacher != null && i < weights.length; i++) {
      termLosses[i] = terms.get(i).add(logits, teacher, labels, rows, weights[i], gradient);
      total += weights[i] * termLosses[i];
    }
    return total;
  }

  /** That of the epoch, or for {@code spread} its product with the teacher's mean deviation. */
  private double temperature(double[] teacher, int rows) {
    if (spec.tauSchedule().type() != TauSchedule.Kind.SPREAD) {
      return tau;
    }
    double sum = 0;
    for (int r = 0; r < rows; r++) {
      double mean = 0;
      for (int c = 0; c < classes; c++) {
        mean += teacher[r * classes + c] / classes;
      }
      double squares = 0;
      for (int c = 0; c < classes; c++) {
        double d = teacher[r * classes + c] - mean;
        squares += d * d;
      }
      sum += Math.sqrt(squares / Math.max(1, classes - 1));
    }
    return tau * Math.max(LEAST_SPREAD, sum / rows);
  }

  /** Of the terms on logits in their order, before their weights. */
  double[] termLosses() {
    return termLosses;
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
    Softmax.of(logits, at, temperature, logP, p);
    student -= logP[label] / rows;
    if (gradient != null && spec.beta() > 0) {
      double scale = spec.beta() / (temperature * rows);
      for (int c = 0; c < classes; c++) {
        gradient[at + c] += scale * (p[c] - (c == label ? 1 : 0));
      }
    }
  }

  private void divergence(
      double[] logits,
      double[] teacher,
      int at,
      int rows,
      double temperature,
      double @Nullable [] gradient) {
    double k = spec.tauSquared() ? temperature * temperature : 1;
    Softmax.of(logits, at, temperature, logP, p);
    Softmax.of(teacher, at, temperature, logQ, q);
    double scale = spec.alpha() * k / (temperature * rows);
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
}
