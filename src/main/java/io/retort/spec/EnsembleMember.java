package io.retort.spec;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;

/** One of several teachers. */
@Schema(description = "One of several teachers.")
public record EnsembleMember(
    @Schema(description = "A teacher that is there already: `model`, `softTargets` or `endpoint`")
        @Valid
        @NotNull
        TeacherSpec teacher,
    @Schema(
            description = "Its share in the average, beside the other weights",
            defaultValue = "1",
            minimum = "0",
            exclusiveMinimum = true,
            maximum = "1000000")
        @DecimalMin(value = "0", inclusive = false)
        @DecimalMax("1000000")
        Double weight) {

  public EnsembleMember {
    weight = Defaults.or(weight, 1.0);
  }
}
