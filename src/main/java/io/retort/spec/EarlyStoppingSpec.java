package io.retort.spec;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** Stops a training whose monitored figure no longer gets better. */
@Schema(description = "Stops a training whose monitored figure no longer gets better.")
public record EarlyStoppingSpec(
    @Schema(
            description = "Epochs without a better one before training stops",
            defaultValue = "10",
            minimum = "1",
            maximum = "10000")
        @Min(1)
        @Max(10_000)
        Integer patience,
    @Schema(
            description = "By how much the figure must be better to count (accuracy is 0..1)",
            defaultValue = "0",
            minimum = "0",
            maximum = "1000")
        @DecimalMin("0")
        @DecimalMax("1000")
        Double minDelta) {

  public EarlyStoppingSpec {
    patience = Defaults.or(patience, 10);
    minDelta = Defaults.or(minDelta, 0.0);
  }
}
