package io.retort.spec;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/** The teacher: exactly one of {@code architecture} and {@code model}. */
@Schema(description = "The teacher: exactly one of `architecture` and `model`.")
public record TeacherSpec(
    @Schema(description = "Train this network in the job") @Valid
        @Nullable Architecture architecture,
    @Schema(description = "Id of a model of the registry") @Pattern(regexp = Patterns.UUID)
        @Nullable String model,
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
        Precision softTargets) {

  public TeacherSpec {
    softTargets = Defaults.or(softTargets, Precision.FLOAT32);
  }
}
