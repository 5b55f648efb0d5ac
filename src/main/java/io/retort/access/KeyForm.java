package io.retort.access;

import io.retort.web.Scope;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The key that is wanted.
 *
 * @param tenant null means the caller's own
 */
@Schema(name = "KeyRequest", description = "The key that is wanted.")
record KeyForm(
    @Schema(
            description = "A name for people",
            maxLength = 200,
            example = "search team's pipeline",
            requiredMode = Schema.RequiredMode.REQUIRED)
        @NotBlank
        @Size(max = 200)
        String name,
    @Schema(
            description = "Whom its jobs, datasets and models belong to; your own when left out",
            example = "search")
        @Pattern(
            regexp = "[a-z0-9][a-z0-9-]{0,62}",
            message = "must be 1 to 63 of a-z, 0-9 and -, and not begin with -")
        @Nullable String tenant,
    @Schema(
            description = "What it is good for",
            example = "[\"jobs:read\", \"jobs:write\"]",
            requiredMode = Schema.RequiredMode.REQUIRED)
        @NotEmpty
        @Size(max = 16)
        List<Scope> scopes,
    @Schema(description = "Must lie ahead; the key does not expire when left out")
        @Nullable Instant expiresAt) {}
