package io.retort.spec;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** A validation or test part that is a dataset of its own; its columns are the dataset's. */
@Schema(description = "A part of the data that has its own source.")
public record PartSpec(
    @Schema(description = "As `dataset.uri`", example = "dataset:0199...")
        @NotBlank
        @Size(max = 2048)
        String uri,
    @Schema(description = "As `dataset.format`", defaultValue = "auto") DataFormat format,
    @Schema(description = "As `dataset.labels`") @Size(min = 1, max = 2048)
        @Nullable String labels) {

  public PartSpec {
    format = Defaults.or(format, DataFormat.AUTO);
  }
}
