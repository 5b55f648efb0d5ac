package io.retort.spec;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The teacher: exactly one of {@code architecture}, {@code model}, {@code softTargets}, {@code
 * endpoint} and {@code ensemble}; the other fields say how it is read.
 */
@Schema(
    description =
        "The teacher: exactly one of `architecture`, `model`, `softTargets`, `endpoint` and"
            + " `ensemble`.")
public record TeacherSpec(
    @Schema(description = "Train this network in the job") @Valid
        @Nullable Architecture architecture,
    @Schema(description = "Id of a model of the registry, of whatever format")
        @Pattern(regexp = Patterns.UUID)
        @Nullable String model,
    @Valid @Nullable SoftTargetsSpec softTargets,
    @Valid @Nullable EndpointSpec endpoint,
    @Schema(description = "Several teachers, averaged by their weights") @Size(min = 2, max = 16)
        @Nullable List<@NotNull @Valid EnsembleMember> ensemble,
    @Schema(description = "What of an ensemble is averaged; by default `logits`")
        @Nullable OutputKind averaging,
    @Schema(
            description =
                "Output (or tap) of another framework's model to learn from; by default the first"
                    + " that has one number a class, logits before probabilities")
        @Size(min = 1, max = 1_000)
        @Nullable String output,
    @Schema(
            description =
                "What that output or the soft targets are; found out when left out. Probabilities"
                    + " become logits by a logarithm")
        @Nullable OutputKind outputKind,
    @Schema(
            description =
                "The teacher's classes in the order of its output, where its file names none or"
                    + " other ones than the dataset")
        @Size(min = 2, max = 100_000)
        @Nullable List<@NotBlank String> classes,
    @Schema(
            description =
                "For a model with several inputs: the dataset's columns for each by name; by default,"
                    + " and where empty, consecutive columns by the inputs' sizes")
        @Size(max = 100)
        @Nullable Map<String, List<String>> inputs,
    @Schema(
            description =
                "How the teacher is trained; what is left out is taken from the job's `training`")
        @Valid
        @Nullable TrainingSpec training,
    @Schema(
            description =
                "How the teacher's outputs are kept: `float32`, or `float16` at half the space; the"
                    + " result states the largest rounding error",
            defaultValue = "float32")
        Precision softTargetPrecision) {

  /** For a model that is taken by what its file says of itself. */
  public static final TeacherSpec AS_IT_SAYS =
      new TeacherSpec(
          null, null, null, null, null, null, null, null, null, null, null, Precision.FLOAT32);

  public TeacherSpec {
    softTargetPrecision = Defaults.or(softTargetPrecision, Precision.FLOAT32);
    ensemble = ensemble == null ? null : List.copyOf(ensemble);
    classes = classes == null ? null : List.copyOf(classes);
    // generated clients send an empty map for one that nobody set
    inputs = inputs == null || inputs.isEmpty() ? null : inputs;
    averaging = ensemble == null ? averaging : Defaults.or(averaging, OutputKind.LOGITS);
  }

  /** A model of the registry, read as it says itself. */
  public static TeacherSpec ofModel(String model) {
    return new TeacherSpec(
        null, model, null, null, null, null, null, null, null, null, null, Precision.FLOAT32);
  }

  /** The same teacher with what was found out about its output. */
  public TeacherSpec reading(@Nullable String output, OutputKind kind, List<String> classes) {
    return new TeacherSpec(
        architecture,
        model,
        softTargets,
        endpoint,
        ensemble,
        averaging,
        output,
        kind,
        classes,
        inputs,
        training,
        softTargetPrecision);
  }

  /** The same teacher trained otherwise; null where it is not trained. */
  public TeacherSpec trainedBy(@Nullable TrainingSpec chosen) {
    return new TeacherSpec(
        architecture,
        model,
        softTargets,
        endpoint,
        ensemble,
        averaging,
        output,
        outputKind,
        classes,
        inputs,
        chosen,
        softTargetPrecision);
  }

  /** The same ensemble with what was found out about its members. */
  public TeacherSpec withEnsemble(List<EnsembleMember> members) {
    return new TeacherSpec(
        architecture,
        model,
        softTargets,
        endpoint,
        members,
        averaging,
        output,
        outputKind,
        classes,
        inputs,
        training,
        softTargetPrecision);
  }
}
