package io.retort.training;

import io.retort.dataset.Split;
import io.retort.model.ModelDefinition;
import io.retort.spec.Cancellation;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.TrainingSpec;
import org.jspecify.annotations.Nullable;

/** Trains networks; one instance a job. */
public final class Trainer {

  private final int threads;
  private final float @Nullable [] start;

  /**
   * @param threads compute threads, at most; small networks take one
   */
  public Trainer(int threads) {
    this(threads, null);
  }

  /**
   * @param start parameters to go on from, as a {@link io.retort.model.TrainedModel} holds them;
   *     null for new ones from the seed
   */
  public Trainer(int threads, float @Nullable [] start) {
    this.threads = threads;
    this.start = start;
  }

  /**
   * Trains a network from where it starts and keeps the best epoch. The same arguments give the
   * same parameters, bit for bit, on the same machine and thread count.
   *
   * @param validation decides which epoch is best and when to stop
   * @param targets what the teacher says; null where the objective does not look at one
   * @throws TrainingException where the loss stops being finite
   * @throws Cancellation.CancelledException within one step of the request
   */
  public TrainingOutcome train(
      ModelDefinition definition,
      Split train,
      Split validation,
      @Nullable DistillationTargets targets,
      ObjectiveSpec objective,
      TrainingSpec spec,
      TrainingListener listener,
      Cancellation cancellation) {
    return train(
        definition,
        train,
        validation,
        targets,
        objective,
        spec,
        listener,
        cancellation,
        Checkpoints.NONE);
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
      ModelDefinition definition,
      Split train,
      Split validation,
      @Nullable DistillationTargets targets,
      ObjectiveSpec objective,
      TrainingSpec spec,
      TrainingListener listener,
      Cancellation cancellation,
      CheckpointPlace place,
      String name,
      String data) {
    String identity = Identity.of(definition, objective, spec, data);
    return train(
        definition,
        train,
        validation,
        targets,
        objective,
        spec,
        listener,
        cancellation,
        place.of(name, identity));
  }

  TrainingOutcome train(
      ModelDefinition definition,
      Split train,
      Split validation,
      @Nullable DistillationTargets targets,
      ObjectiveSpec objective,
      TrainingSpec spec,
      TrainingListener listener,
      Cancellation cancellation,
      Checkpoints checkpoints) {
    if (targets == null && objective.needsTeacher()) {
      throw new IllegalArgumentException("an objective that needs a teacher has none");
    }
    int used = ComputeThreads.use(threads, definition, spec.batchSize());
    try (TrainingLoop loop =
        new TrainingLoop(definition, train, validation, targets, objective, spec, used, start)) {
      return loop.run(listener, cancellation, checkpoints);
    }
  }
}
