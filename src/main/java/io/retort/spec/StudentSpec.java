package io.retort.spec;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/** The student (and its twin). */
@Schema(description = "The student.")
public record StudentSpec(@Valid @NotNull Architecture architecture) {}
