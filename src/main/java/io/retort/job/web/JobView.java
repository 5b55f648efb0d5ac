package io.retort.job.web;

import io.retort.job.Job;
import io.retort.job.JobStatus;
import io.retort.spec.JobSpec;
import io.retort.spec.JobType;
import io.retort.spec.Phase;
import io.retort.spec.Problem;
import io.retort.spec.SpecReader;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A job as callers see it. */
@Schema(name = "Job", description = "A job.")
record JobView(
    UUID id,
    JobType type,
    @Nullable String name,
    Map<String, String> labels,
    JobStatus status,
    @Schema(description = "What a running job is doing; null before that") @Nullable Phase phase,
    @Schema(description = "Share of the work that is done", minimum = "0", maximum = "1")
        double progress,
    @Schema(description = "How often a worker has taken it", example = "1") int attempt,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Schema(description = "From progress and time so far; null while that says little")
        @Nullable Instant estimatedFinishAt,
    @Schema(description = "As it was posted", implementation = Object.class) JsonNode spec,
    @Schema(
            description =
                "With every default filled in, and, once a worker has looked at them, what data and"
                    + " teacher turned out to be: format, shape, output, classes, taps")
        JobSpec resolved,
    @Schema(description = "The loss that is minimised") String formula,
    @Schema(description = "Why it failed; null unless it did") @Nullable Problem error) {

  /** Before this share of the work an estimate would be a guess. */
  private static final double TELLING = 0.03;

  static JobView of(Job job, Instant now) {
    JsonNode found = job.found();
    return new JobView(
        job.id(),
        job.type(),
        job.name(),
        job.labels(),
        job.status(),
        job.phase(),
        job.progress(),
        job.attempt(),
        job.createdAt(),
        job.startedAt(),
        job.finishedAt(),
        estimate(job, now),
        job.spec(),
        SpecReader.mapper().treeToValue(found == null ? job.resolved() : found, JobSpec.class),
        job.formula(),
        job.error());
  }

  private static @Nullable Instant estimate(Job job, Instant now) {
    Instant startedAt = job.startedAt();
    if (job.status() != JobStatus.RUNNING || startedAt == null || job.progress() < TELLING) {
      return null;
    }
    double elapsed = Duration.between(startedAt, now).toMillis();
    return startedAt.plusMillis(Math.round(elapsed / job.progress()));
  }
}
