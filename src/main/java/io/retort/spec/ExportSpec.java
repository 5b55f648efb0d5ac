package io.retort.spec;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Pattern;

/** What is said of the student's files. */
@Schema(description = "What is said of the student's files.")
public record ExportSpec(
    @Schema(
            description = "Licence of the student, an SPDX expression; it stands in the model card",
            defaultValue = "unspecified",
            example = "Apache-2.0")
        @Pattern(
            regexp = "[A-Za-z0-9.+() -]{1,100}",
            message = "must be an SPDX expression: letters, digits, spaces and .+()-")
        String licence) {

  static final ExportSpec DEFAULT = new ExportSpec("unspecified");

  public ExportSpec {
    licence = Defaults.or(licence, "unspecified");
  }
}
