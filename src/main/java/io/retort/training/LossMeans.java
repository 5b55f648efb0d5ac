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

  void save(Checkpoint into) {
    into.put("means.total", total);
    into.put("means.distillation", distillation);
    into.put("means.student", student);
    into.put("means.rows", (double) rows);
  }

  void load(Checkpoint from) {
    total = from.number("means.total");
    distillation = from.number("means.distillation");
    student = from.number("means.student");
    rows = (long) from.number("means.rows");
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
