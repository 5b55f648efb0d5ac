package io.retort.training;

import io.retort.dataset.Split;
import io.retort.model.ModelDefinition;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.TrainingSpec;
import org.jspecify.annotations.Nullable;

/**
 * What is to be trained, and on what.
 *
 * @param start parameters to go on from, as a {@link io.retort.model.TrainedModel} holds them; null
 *     for new ones from the seed
 * @param validation decides which epoch is best and when to stop
 * @param targets what the teacher says; null where the objective does not look at one
 */
public record TrainingTask(
    ModelDefinition network,
    float @Nullable [] start,
    Split train,
    Split validation,
    @Nullable DistillationTargets targets,
    ObjectiveSpec objective,
    TrainingSpec spec) {

  /**
   * @throws IllegalArgumentException where the objective needs a teacher and there is none
   */
  public TrainingTask {
    if (targets == null && objective.needsTeacher()) {
      throw new IllegalArgumentException("an objective that needs a teacher has none");
    }
  }

  /** A network that begins with parameters from the seed. */
  public TrainingTask(
      ModelDefinition network,
      Split train,
      Split validation,
      @Nullable DistillationTargets targets,
      ObjectiveSpec objective,
      TrainingSpec spec) {
    this(network, null, train, validation, targets, objective, spec);
  }
}
