package io.retort.spec;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;

/**
 * Fractions of the rows that are held back, each class in proportion. A fraction does not count
 * where the part has a dataset of its own.
 */
@Schema(description = "Which share of the rows is held back, per class.")
public record SplitSpec(
    @Schema(
            description = "Share for early stopping and the choice of the best epoch",
            defaultValue = "0.1",
            minimum = "0",
            exclusiveMinimum = true,
            maximum = "0.9")
        @DecimalMin(value = "0", inclusive = false)
        @DecimalMax("0.9")
        Double validation,
    @Schema(
            description = "Share for the final measurement, used once",
            defaultValue = "0.2",
            minimum = "0",
            exclusiveMinimum = true,
            maximum = "0.9")
        @DecimalMin(value = "0", inclusive = false)
        @DecimalMax("0.9")
        Double test,
    @Schema(description = "Seed of the split", defaultValue = "7") Long seed) {

  static final SplitSpec DEFAULT = new SplitSpec(0.1, 0.2, 7L);

  public SplitSpec {
    validation = Defaults.or(validation, 0.1);
    test = Defaults.or(test, 0.2);
    seed = Defaults.or(seed, 7L);
  }
}
