package io.retort.spec;

import io.swagger.v3.oas.annotations.media.Schema;

/** What is measured besides the student. */
@Schema(description = "What is measured besides the student.")
public record EvaluationSpec(
    @Schema(
            description = "Train the same student without the teacher and compare",
            defaultValue = "true")
        Boolean twin) {

  static final EvaluationSpec DEFAULT = new EvaluationSpec(true);

  public EvaluationSpec {
    twin = Defaults.or(twin, true);
  }
}
