package io.retort.spec;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Pattern;

/** The student's files, and what is said of them. */
@Schema(description = "The student's files, and what is said of them.")
public record ExportSpec(
    @Schema(
            description = "Licence of the student, an SPDX expression; it stands in the model card",
            defaultValue = "unspecified",
            example = "Apache-2.0")
        @Pattern(
            regexp = "[A-Za-z0-9.+() -]{1,100}",
            message = "must be an SPDX expression: letters, digits, spaces and .+()-")
        String licence,
    @Schema(
            description =
                "Write `student-int8.onnx` beside `student.onnx`: the same student with weights and"
                    + " activations of 8 bits, calibrated on the training part; the report compares"
                    + " the two",
            defaultValue = "false")
        Boolean int8) {

  static final ExportSpec DEFAULT = new ExportSpec("unspecified", false);

  public ExportSpec {
    licence = Defaults.or(licence, "unspecified");
    int8 = Defaults.or(int8, false);
  }
}
