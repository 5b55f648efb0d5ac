package io.retort.training;

import io.retort.spec.Cancellation;

/** Trains networks; one instance a job. */
public final class Trainer {

  private final int threads;

  /**
   * @param threads compute threads, at most; small networks take one
   */
  public Trainer(int threads) {
    this.threads = threads;
  }

  /**
   * Trains a network from where it starts and keeps the best epoch. The same task gives the same
   * parameters, bit for bit, on the same machine and thread count.
   *
   * @throws TrainingException where the loss stops being finite
   * @throws Cancellation.CancelledException within one step of the request
   */
  public TrainingOutcome train(
      TrainingTask task, TrainingListener listener, Cancellation cancellation) {
    return train(task, listener, cancellation, Checkpoints.NONE);
  }

  /**
   * As the other, and leaves its state behind as it goes; where there is one from before, it goes
   * on from there, tells the listener of the epochs again, and ends as if it had not been
   * interrupted.
   *
   * @param place where the state is
   * @param name of the training among the job's
   * @param data identifies rows and soft targets
   */
  public TrainingOutcome train(
      TrainingTask task,
      TrainingListener listener,
      Cancellation cancellation,
      CheckpointPlace place,
      String name,
      String data) {
    return train(task, listener, cancellation, place.of(name, Identity.of(task, data)));
  }

  TrainingOutcome train(
      TrainingTask task,
      TrainingListener listener,
      Cancellation cancellation,
      Checkpoints checkpoints) {
    int used = ComputeThreads.use(threads, task.network(), task.spec().batchSize());
    try (TrainingLoop loop = new TrainingLoop(task, used)) {
      return loop.run(listener, cancellation, checkpoints);
    }
  }
}
