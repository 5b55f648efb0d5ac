package io.retort.artifact;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * A file that a job made.
 *
 * @param sha256 hex
 */
@Schema(description = "A file that a job made.")
public record Artifact(
    @Schema(example = "student.zip") String name,
    @Schema(example = "application/zip") String mediaType,
    @Schema(example = "61234") long bytes,
    @Schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
        String sha256) {}
