package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** What may become of a job that others want to know; each is named as the status it leads to. */
public enum JobEvent {
  /** A worker began, for the first time or again. */
  @JsonProperty("job.running")
  RUNNING("job.running"),
  @JsonProperty("job.paused")
  PAUSED("job.paused"),
  @JsonProperty("job.succeeded")
  SUCCEEDED("job.succeeded"),
  @JsonProperty("job.failed")
  FAILED("job.failed"),
  @JsonProperty("job.cancelled")
  CANCELLED("job.cancelled");

  /** Those after which nothing follows. */
  static final List<JobEvent> LAST = List.of(SUCCEEDED, FAILED, CANCELLED);

  private final String text;

  JobEvent(String text) {
    this.text = text;
  }

  /** As callers write it. */
  @Override
  public String toString() {
    return text;
  }
}
