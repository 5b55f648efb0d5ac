package io.retort.job.web;

import io.retort.job.Job;
import io.retort.job.JobStatus;
import io.retort.spec.Phase;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What changes in a job while it runs. */
@Schema(name = "Status", description = "What changes in a job while it runs.")
record StatusView(JobStatus status, @Nullable Phase phase, double progress, int attempt) {

  static StatusView of(Job job) {
    return new StatusView(job.status(), job.phase(), job.progress(), job.attempt());
  }
}
