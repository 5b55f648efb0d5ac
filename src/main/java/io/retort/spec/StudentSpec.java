package io.retort.spec;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/** The student (and its twin): exactly one of {@code architecture} and {@code model}. */
@Schema(description = "The student: exactly one of `architecture` and `model`.")
public record StudentSpec(
    @Schema(description = "A new network") @Valid @Nullable Architecture architecture,
    @Schema(
            description =
                "Id of a student of the registry to go on from, with another teacher or objective;"
                    + " its twin goes on from it too")
        @Pattern(regexp = Patterns.UUID)
        @Nullable String model) {}
