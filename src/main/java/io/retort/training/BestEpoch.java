package io.retort.training;

import io.retort.spec.EarlyStoppingSpec;
import io.retort.spec.TrainingSpec.Monitor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps the weights of the best epoch so far, and counts the epochs since the last real gain. */
final class BestEpoch {

  private final Monitor monitor;
  private final @Nullable EarlyStoppingSpec stopping;
  private final float[] weights;
  private Validation.Figures best = new Validation.Figures(Double.POSITIVE_INFINITY, -1);
  private double mark = Double.NEGATIVE_INFINITY;
  private int epoch;
  private int waited;

  /**
   * @param stopping null for a training that never stops early
   * @param size of the weights
   */
  BestEpoch(Monitor monitor, @Nullable EarlyStoppingSpec stopping, int size) {
    this.monitor = monitor;
    this.stopping = stopping;
    this.weights = new float[size];
  }

  /**
   * Considers an epoch; of equally good ones the earliest stays.
   *
   * @param read fills an array with the weights as they are now
   */
  void offer(int epoch, Validation.Figures figures, Consumer<float[]> read) {
    if (better(figures)) {
      best = figures;
      this.epoch = epoch;
      read.accept(weights);
    }
    waited++;
    double score = monitor == Monitor.LOSS ? -figures.loss() : figures.accuracy();
    if (stopping != null && score > mark + stopping.minDelta()) {
      mark = score;
      waited = 0;
    }
  }

  private boolean better(Validation.Figures figures) {
    int byLoss = Double.compare(best.loss(), figures.loss());
    int byAccuracy = Double.compare(figures.accuracy(), best.accuracy());
    int first = monitor == Monitor.LOSS ? byLoss : byAccuracy;
    int second = monitor == Monitor.LOSS ? byAccuracy : byLoss;
    return first > 0 || (first == 0 && second > 0);
  }

  boolean patienceIsOver() {
    return stopping != null && waited >= stopping.patience();
  }

  void save(Checkpoint into) {
    into.put("best.weights", weights);
    into.put("best.epoch", (double) epoch);
    into.put("best.loss", best.loss());
    into.put("best.accuracy", best.accuracy());
    into.put("best.mark", mark);
    into.put("best.waited", (double) waited);
  }

  void load(Checkpoint from) {
    from.read("best.weights", weights);
    epoch = (int) from.number("best.epoch");
    best = new Validation.Figures(from.number("best.loss"), from.number("best.accuracy"));
    mark = from.number("best.mark");
    waited = (int) from.number("best.waited");
  }

  int epoch() {
    return epoch;
  }

  Validation.Figures figures() {
    return best;
  }

  float[] weights() {
    return weights;
  }
}
