package io.retort.spec;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** A teacher that another server computes. */
@Schema(
    description =
        "A teacher that speaks the Open Inference Protocol v2 over HTTP (Triton, KServe, MLServer,"
            + " DJL Serving, another Retort).")
public record EndpointSpec(
    @Schema(
            description = "The model's address, without `/infer`",
            example = "https://triton.example.com/v2/models/digits")
        @Size(max = 2_000)
        @Pattern(
            regexp = "https?://[^?#\\s]+/v2/models/[^/?#\\s]+(/versions/[^/?#\\s]+)?",
            message = "must be as http(s)://host/v2/models/name, without /infer or a query")
        String url,
    @Schema(
            description =
                "Name of the bearer token in the service's settings"
                    + " (`retort.teachers.tokens.<name>`), which only goes to the origin named there")
        @Size(min = 1, max = 100)
        @Nullable String token,
    @Schema(description = "Requests at once", defaultValue = "4", minimum = "1", maximum = "16")
        @Min(1)
        @Max(16)
        Integer inFlight,
    @Schema(
            description = "Rows of a request",
            defaultValue = "128",
            minimum = "1",
            maximum = "1024")
        @Min(1)
        @Max(1024)
        Integer batchSize,
    @Schema(
            description = "Longest time of a request; it is then made again",
            defaultValue = "60",
            minimum = "1",
            maximum = "600")
        @Min(1)
        @Max(600)
        Integer timeoutSeconds) {

  public EndpointSpec {
    url = Defaults.or(url, "");
    inFlight = Defaults.or(inFlight, 4);
    batchSize = Defaults.or(batchSize, 128);
    timeoutSeconds = Defaults.or(timeoutSeconds, 60);
  }
}
