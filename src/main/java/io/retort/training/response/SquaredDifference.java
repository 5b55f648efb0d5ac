package io.retort.training.response;

import org.jspecify.annotations.Nullable;

/** The mean over rows and classes of (s - t)^2 (Ba and Caruana, 2014). */
final class SquaredDifference implements LogitLoss {

  private final int classes;

  SquaredDifference(int classes) {
    this.classes = classes;
  }

  @Override
  public double add(
      double[] student,
      double[] teacher,
      int[] labels,
      int rows,
      double weight,
      double @Nullable [] gradient) {
    double n = (double) rows * classes;
    double loss = 0;
    for (int i = 0; i < rows * classes; i++) {
      double d = student[i] - teacher[i];
      loss += d * d / n;
      if (gradient != null) {
        gradient[i] += weight * 2 * d / n;
      }
    }
    return loss;
  }
}
