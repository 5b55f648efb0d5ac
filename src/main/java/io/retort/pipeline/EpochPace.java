package io.retort.pipeline;

import io.retort.training.EpochMetrics;
import java.time.Duration;

/** Tells how fast a training goes, epoch by epoch. */
final class EpochPace {

  /** No step is as fast: the epoch was not computed but retold from a checkpoint. */
  private static final long NANOS_PER_STEP = 1_000;

  private final String role;
  private final int rows;
  private final PipelineContext context;
  private long step;
  private long since = System.nanoTime();

  /**
   * @param rows of an epoch
   */
  EpochPace(String role, int rows, PipelineContext context) {
    this.role = role;
    this.rows = rows;
    this.context = context;
  }

  void look(EpochMetrics epoch) {
    long now = System.nanoTime();
    long steps = epoch.step() - step;
    if (now - since > steps * NANOS_PER_STEP) {
      context.pace(role, rows, steps, Duration.ofNanos(now - since));
    }
    step = epoch.step();
    since = now;
  }
}
