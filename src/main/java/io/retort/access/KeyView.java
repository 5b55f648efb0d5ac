package io.retort.access;

import io.retort.web.Scope;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An API key, without the key itself. */
@Schema(name = "Key", description = "An API key, without the key itself.")
record KeyView(
    UUID id,
    @Schema(example = "search team's pipeline") String name,
    @Schema(example = "search") String tenant,
    List<Scope> scopes,
    @Schema(description = "How the key begins", example = "rt_3kXq9") String hint,
    Instant createdAt,
    @Schema(description = "Null if it does not expire") @Nullable Instant expiresAt,
    @Schema(description = "To the minute; null if it was never used")
        @Nullable Instant lastUsedAt) {}
