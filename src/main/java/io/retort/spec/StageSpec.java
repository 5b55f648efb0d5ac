package io.retort.spec;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/** A stage before the training proper, with an objective of its own. */
@Schema(
    description =
        "A stage before the training proper, such as a hint's: the student goes on from where it"
            + " ends, the optimiser begins afresh.")
public record StageSpec(
    @Schema(
            description = "Names its metrics, `student.<name>.loss` and so on",
            example = "hint",
            pattern = "[a-z][a-z0-9-]{0,39}")
        @NotNull(message = "is required")
        @Pattern(
            regexp = "[a-z][a-z0-9-]{0,39}",
            message = "must be up to 40 lower-case letters, digits and hyphens, a letter first")
        String name,
    @Schema(description = "Epochs of this stage; required", minimum = "1", maximum = "10000")
        @NotNull(message = "is required: a stage without epochs trains nothing")
        @Min(1)
        @Max(10_000)
        Integer epochs,
    @Schema(description = "The loss of this stage; required")
        @NotNull(message = "is required")
        @Valid
        ObjectiveSpec objective) {

  /** The job's training over this stage's epochs, which never ends early. */
  public TrainingSpec training(TrainingSpec job) {
    return new TrainingSpec(
        epochs,
        job.batchSize(),
        job.optimizer(),
        job.schedule().warmupEpochs() < epochs ? job.schedule() : ScheduleSpec.DEFAULT,
        job.monitor(),
        null,
        job.batching(),
        job.seed());
  }

  /** The same with another objective. */
  public StageSpec withObjective(ObjectiveSpec chosen) {
    return new StageSpec(name, epochs, chosen);
  }
}
