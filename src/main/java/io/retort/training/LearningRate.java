package io.retort.training;

import io.retort.spec.ScheduleSpec;

/** The learning rate of every step. */
final class LearningRate {

  private final double peak;
  private final ScheduleSpec schedule;
  private final int epochs;
  private final int stepsPerEpoch;

  /**
   * @param peak the optimiser's rate
   * @param epochs epochs that are planned
   */
  LearningRate(double peak, ScheduleSpec schedule, int epochs, int stepsPerEpoch) {
    this.peak = peak;
    this.schedule = schedule;
    this.epochs = epochs;
    this.stepsPerEpoch = stepsPerEpoch;
  }

  /**
   * @param step from 0 over the whole training
   */
  double at(long step) {
    long warmup = (long) schedule.warmupEpochs() * stepsPerEpoch;
    if (step < warmup) {
      return peak * (step + 1) / warmup;
    }
    if (schedule instanceof ScheduleSpec.Cosine cosine) {
      double done = (double) (step - warmup) / ((long) epochs * stepsPerEpoch - warmup);
      return peak * (cosine.floor() + (1 - cosine.floor()) * (1 + Math.cos(Math.PI * done)) / 2);
    }
    if (schedule instanceof ScheduleSpec.Step falling) {
      long epochsDone = step / stepsPerEpoch;
      long falls = falling.at().stream().filter(e -> e <= epochsDone).count();
      return peak * Math.pow(falling.gamma(), (double) falls);
    }
    return peak;
  }
}
