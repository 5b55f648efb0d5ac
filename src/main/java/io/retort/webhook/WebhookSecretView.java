package io.retort.webhook;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a tenant's deliveries are signed with. */
@Schema(name = "WebhookSecret", description = "What your deliveries are signed with.")
record WebhookSecretView(
    @Schema(
            description = "As the Standard Webhooks libraries take it",
            example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        String secret,
    Instant createdAt,
    @Schema(description = "Until when the one before it signs too; null if none does")
        @Nullable Instant previousUntil) {

  @Override
  public String toString() {
    return "a webhook secret of " + createdAt;
  }
}
