package io.retort.registry;

import io.retort.spec.DataFormat;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;

/**
 * An uploaded dataset.
 *
 * @param sha256 hex, of the file as it was uploaded
 */
@Schema(name = "Dataset", description = "An uploaded dataset; jobs use it as `dataset:<id>`.")
public record DatasetView(
    UUID id,
    @Schema(example = "mnist1d-train.csv") String name,
    @Schema(example = "5242880") long bytes,
    @Schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
        String sha256,
    @Schema(description = "As its content looks", example = "csv") DataFormat format,
    Instant createdAt) {}
