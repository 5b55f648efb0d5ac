package io.retort.training;

/** Means per row over the batches of an epoch. */
final class LossMeans {

  private double total;
  private double distillation;
  private double student;
  private final double[] terms;
  private long rows;

  LossMeans() {
    this(0);
  }

  /**
   * @param terms of the objective besides those two
   */
  LossMeans(int terms) {
    this.terms = new double[terms];
  }

  void add(double total, double distillation, double student, double[] terms, int rows) {
    for (int i = 0; i < terms.length; i++) {
      this.terms[i] += terms[i] * rows;
    }
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
    for (int i = 0; i < terms.length; i++) {
      into.put("means.term" + i, terms[i]);
    }
  }

  void load(Checkpoint from) {
    total = from.number("means.total");
    distillation = from.number("means.distillation");
    student = from.number("means.student");
    rows = (long) from.number("means.rows");
    for (int i = 0; i < terms.length; i++) {
      terms[i] = from.number("means.term" + i);
    }
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

  /** Of a term, before its weight. */
  double term(int i) {
    return terms[i] / rows;
  }
}
