package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole job. The compact constructors of this package fill in every default but those that the
 * data decide ({@link DatasetSpec#standardize}, {@link TrainingSpec#epochs}).
 *
 * @param teacher null only in a spec that {@link SpecReader} has not accepted: every job has one
 * @param student null for {@code train} jobs
 */
@Schema(description = "A distillation (or training) job.")
public record JobSpec(
    @Schema(
            description =
                "`distill` makes a student from a teacher; `train` makes a teacher and keeps it as"
                    + " a model",
            defaultValue = "distill")
        JobType type,
    @Schema(
            description = "A name for people; not unique",
            maxLength = 200,
            example = "mnist1d: cnn to mlp")
        @Size(max = 200)
        @Nullable String name,
    @Schema(
            description =
                "Up to 16 string pairs; the list of jobs can be filtered by them"
                    + " (`label=team:search`)",
            example = "{\"team\": \"search\"}")
        @Size(max = 16)
        Map<@Size(min = 1, max = 63) String, @Size(max = 255) String> labels,
    @Schema(
            description =
                "Higher ones are taken first among your tenant's own jobs; tenants share the workers"
                    + " evenly whatever their priorities",
            minimum = "-100",
            maximum = "100",
            defaultValue = "0")
        @Min(-100)
        @Max(100)
        Integer priority,
    @Valid @NotNull DatasetSpec dataset,
    @Schema(description = "Required") @Valid @Nullable TeacherSpec teacher,
    @Schema(description = "The model to make; required for `distill`, refused for `train`") @Valid
        @Nullable StudentSpec student,
    @Valid ObjectiveSpec objective,
    @Schema(
            description =
                "Stages of the student before its training proper, in their order, as hints,"
                    + " activation boundaries and flow were published. The twin has none")
        @Size(max = 8)
        List<@Valid @NotNull StageSpec> stages,
    @Valid TrainingSpec training,
    @Valid EvaluationSpec evaluation,
    @Valid ExportSpec export,
    @Schema(description = "Up to 5 addresses that are told what becomes of the job")
        @JsonProperty("notify")
        @Size(max = 5)
        List<@Valid @NotNull WebhookSpec> webhooks) {

  public JobSpec {
    type = Defaults.or(type, JobType.DISTILL);
    labels = Defaults.map(labels);
    priority = Defaults.or(priority, 0);
    objective = Defaults.or(objective, ObjectiveSpec.DEFAULT);
    stages = Defaults.list(stages, List.of());
    training = Defaults.or(training, TrainingSpec.DEFAULT);
    evaluation = Defaults.or(evaluation, EvaluationSpec.DEFAULT);
    export = Defaults.or(export, ExportSpec.DEFAULT);
    webhooks = Defaults.list(webhooks, List.of());
  }

  /** The same job with what was left to its data, its teacher and its networks. */
  public JobSpec resolved(
      DatasetSpec dataset,
      @Nullable TeacherSpec teacher,
      ObjectiveSpec objective,
      List<StageSpec> stages,
      TrainingSpec training) {
    return new JobSpec(
        type,
        name,
        labels,
        priority,
        dataset,
        teacher,
        student,
        objective,
        stages,
        training,
        evaluation,
        export,
        webhooks);
  }

  /** Every objective of the student with its JSON pointer: that of each stage, then the job's. */
  public Map<String, ObjectiveSpec> objectives() {
    Map<String, ObjectiveSpec> all = new LinkedHashMap<>();
    for (int i = 0; i < stages.size(); i++) {
      all.put("/stages/" + i + "/objective", stages.get(i).objective());
    }
    all.put("/objective", objective);
    return all;
  }
}
