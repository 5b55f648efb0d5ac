package io.retort.webhook;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One event on its way to one address. */
@Schema(name = "Delivery", description = "One event on its way to one address.")
record DeliveryView(
    UUID id,
    @Schema(description = "The header `webhook-id`; a redelivery has the same") UUID messageId,
    @Schema(example = "job.succeeded") String event,
    @Schema(description = "Without its query", example = "https://ci.example.com/hooks/retort")
        String url,
    DeliveryStatus status,
    @Schema(description = "Attempts made so far") int attempts,
    @Schema(description = "The last answer's status; null if there was none", example = "503")
        @Nullable Integer lastStatus,
    @Schema(
            description = "Why the last attempt had no answer; null if it had one",
            example = "unreachable")
        @Nullable String lastError,
    @Schema(description = "Null unless it is pending") @Nullable Instant nextAttemptAt,
    Instant createdAt,
    @Nullable Instant deliveredAt) {}
