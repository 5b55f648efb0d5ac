package io.retort.spec;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * A part of the training with an objective of its own; the student goes on from where the stage
 * before left it, the optimiser begins afresh.
 *
 * @param name null for {@code stage1}, {@code stage2} ...
 */
@Schema(description = "A part of the training with an objective of its own.")
public record StageSpec(
    @Schema(description = "For metrics and events; `stage1`, `stage2` ... when left out")
        @Size(min = 1, max = 40)
        @Nullable String name,
    @Schema(description = "Epochs of this stage", minimum = "1", maximum = "10000")
        @NotNull(message = "is required: a stage without epochs trains nothing")
        @Min(1)
        @Max(10_000)
        Integer epochs,
    @Schema(description = "The loss of this stage; the job's own when left out") @Valid
        @Nullable ObjectiveSpec objective) {}
