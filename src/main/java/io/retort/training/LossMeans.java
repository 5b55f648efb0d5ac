package io.retort.training;

/** Means per row over the batches of an epoch. */
final class LossMeans {

  private double total;
  private double distillation;
  private double student;
  private long rows;

  void add(double total, double distillation, double student, int rows) {
    this.total += total * rows;
    this.distillation += distillation * rows;
    this.student += student * rows;
    this.rows += rows;
  }

  double total() {
    return total / rows;
  }

  double distillation() {
    return distillation / rows;
  }

  double student() {
    return student / rows;
  }
}
