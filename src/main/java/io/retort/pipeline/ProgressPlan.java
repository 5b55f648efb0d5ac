package io.retort.pipeline;

import java.util.function.DoubleConsumer;

/**
 * Shares of the whole job, so that progress moves about as evenly as the work does. Stages are
 * taken one after the other, each with the weight it was given.
 */
final class ProgressPlan {

  private final double total;
  private final DoubleConsumer whole;
  private double before;

  ProgressPlan(double total, DoubleConsumer whole) {
    this.total = total;
    this.whole = whole;
  }

  /** The next stage; accepts its own progress, 0..1. */
  DoubleConsumer next(double weight) {
    double from = before;
    before = Math.min(total, before + weight);
    double to = before;
    whole.accept(from / total);
    return done -> whole.accept((from + (to - from) * Math.min(1, Math.max(0, done))) / total);
  }
}
