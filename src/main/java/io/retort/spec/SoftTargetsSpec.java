package io.retort.spec;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;

/** Soft targets that the dataset itself holds, so that no teacher runs at all. */
@Schema(description = "Soft targets in the dataset: a teacher's logits or probabilities.")
public record SoftTargetsSpec(
    @Schema(
            description =
                "The columns, one a class, in the order of `classes` (the dataset's order when that"
                    + " is left out); they are no features then")
        @Size(min = 2, max = 100_000)
        List<@NotBlank String> columns) {

  public SoftTargetsSpec {
    columns = Defaults.list(columns, List.of());
  }
}
