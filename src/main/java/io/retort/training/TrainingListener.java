package io.retort.training;

/** Hears how a training goes; called on the training thread, so it must be quick. */
public interface TrainingListener {

  TrainingListener SILENT = new TrainingListener() {};

  /** After every epoch. */
  default void epochDone(EpochMetrics metrics) {}

  /**
   * The training goes on from a checkpoint; its epochs were told of again before.
   *
   * @param epochs that were done
   * @param steps that were done
   */
  default void resumed(int epochs, long steps) {}

  /**
   * Some times a second at most.
   *
   * @param done share of the planned steps, 0..1
   */
  default void progress(double done) {}
}
