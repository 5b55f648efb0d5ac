package io.retort.spec;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;

/** Who is told of a job's events. */
@Schema(
    description =
        "Who is told of a job's events: a POST signed as Standard Webhooks says, again with growing"
            + " pauses until it is answered with a status from 200 to 299.")
public record WebhookSpec(
    @Schema(
            description =
                "Where to, without a user name or password. It is kept in the spec and shown with"
                    + " the job",
            example = "https://ci.example.com/hooks/retort",
            requiredMode = Schema.RequiredMode.REQUIRED)
        @NotNull
        @Size(max = 2_000)
        String url,
    @ArraySchema(
            arraySchema =
                @Schema(
                    description = "What of; the three that end a job when left out",
                    defaultValue = "[\"job.succeeded\", \"job.failed\", \"job.cancelled\"]"))
        @Size(min = 1, max = 5)
        List<@NotNull JobEvent> events) {

  public WebhookSpec {
    events = Defaults.list(events, JobEvent.LAST);
  }
}
