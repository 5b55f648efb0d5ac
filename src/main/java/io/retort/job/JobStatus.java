package io.retort.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Where a job stands, and the one table of where it can go from there. */
public enum JobStatus {
  /** Waits for a worker; also after a worker gave it back. */
  @JsonProperty("queued")
  QUEUED,
  @JsonProperty("running")
  RUNNING,
  /** The worker has been asked to stop where it is. */
  @JsonProperty("pausing")
  PAUSING,
  /** Waits to be resumed. */
  @JsonProperty("paused")
  PAUSED,
  /** The worker has been asked to stop. */
  @JsonProperty("cancelling")
  CANCELLING,
  @JsonProperty("succeeded")
  SUCCEEDED,
  @JsonProperty("failed")
  FAILED,
  @JsonProperty("cancelled")
  CANCELLED;

  private static final Map<JobStatus, Set<JobStatus>> NEXT =
      Map.of(
          QUEUED, EnumSet.of(RUNNING, PAUSED, CANCELLED, FAILED),
          RUNNING, EnumSet.of(RUNNING, QUEUED, PAUSING, CANCELLING, SUCCEEDED, FAILED),
          PAUSING, EnumSet.of(PAUSED, CANCELLING, SUCCEEDED, FAILED),
          PAUSED, EnumSet.of(QUEUED, CANCELLED),
          CANCELLING, EnumSet.of(CANCELLED, FAILED),
          SUCCEEDED, EnumSet.noneOf(JobStatus.class),
          FAILED, EnumSet.noneOf(JobStatus.class),
          CANCELLED, EnumSet.noneOf(JobStatus.class));

  /** Whether a job may go from this status to the other; {@code RUNNING} to itself is a retry. */
  public boolean mayBecome(JobStatus next) {
    return next(this).contains(next);
  }

  /** Whether a worker has the job. */
  public boolean isRunning() {
    return this == RUNNING || this == PAUSING || this == CANCELLING;
  }

  /** Whether a job in this status never changes again. */
  public boolean isFinal() {
    return next(this).isEmpty();
  }

  private static Set<JobStatus> next(JobStatus status) {
    return NEXT.getOrDefault(status, Set.of());
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
