package io.retort.job;

import io.retort.spec.JobSpec;
import io.swagger.v3.oas.annotations.media.Schema;
import tools.jackson.databind.JsonNode;

/** What is known of a job that was checked but not queued. */
@Schema(description = "A job that was checked but not queued.")
public record DryRun(
    @Schema(description = "The spec with every default filled in", implementation = JobSpec.class)
        JsonNode resolved,
    @Schema(description = "The loss that would be minimised") String formula,
    @Schema(
            description = "What was found in the data and the teacher",
            types = "object",
            additionalProperties = Schema.AdditionalPropertiesValue.TRUE)
        Object found) {}
