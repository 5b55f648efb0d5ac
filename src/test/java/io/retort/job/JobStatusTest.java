package io.retort.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.spec.JobSpec;
import io.retort.spec.Problem;
import io.retort.spec.SpecReader;
import io.retort.testing.Http;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class JobStatusTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Problem PROBLEM =
      new Problem("about:blank", "x", 500, "x", null, "x", List.of());

  @ParameterizedTest(name = "from {0} to {1}: {2}")
  @CsvSource({
    "QUEUED, RUNNING, true",
    "QUEUED, CANCELLED, true",
    "QUEUED, SUCCEEDED, false",
    "QUEUED, CANCELLING, false",
    "RUNNING, RUNNING, true",
    "RUNNING, QUEUED, true",
    "RUNNING, CANCELLING, true",
    "RUNNING, SUCCEEDED, true",
    "RUNNING, FAILED, true",
    "RUNNING, CANCELLED, false",
    "CANCELLING, CANCELLED, true",
    "QUEUED, PAUSED, true",
    "RUNNING, PAUSING, true",
    "RUNNING, PAUSED, false",
    "PAUSING, PAUSED, true",
    "PAUSING, CANCELLING, true",
    "PAUSING, SUCCEEDED, true",
    "PAUSING, RUNNING, false",
    "PAUSED, QUEUED, true",
    "PAUSED, CANCELLED, true",
    "PAUSED, RUNNING, false",
    "CANCELLING, SUCCEEDED, false",
    "CANCELLING, RUNNING, false",
    "SUCCEEDED, RUNNING, false",
    "FAILED, QUEUED, false",
    "CANCELLED, RUNNING, false",
  })
  void followsTheTable(JobStatus from, JobStatus to, boolean allowed) {
    assertThat(from.mayBecome(to)).isEqualTo(allowed);
  }

  @Test
  void endsInThreeStatuses() {
    assertThat(JobStatus.values())
        .filteredOn(JobStatus::isFinal)
        .containsExactly(JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED);
  }

  @Test
  void cancelsAQueuedJobAtOnceAndARunningOneInTwoSteps() {
    assertThat(after(j -> j.cancel(NOW)).status()).isEqualTo(JobStatus.CANCELLED);
    Job running = after(j -> j.start(NOW));
    running.cancel(NOW);
    assertThat(running.status()).isEqualTo(JobStatus.CANCELLING);
    running.cancel(NOW);
    running.cancelled(NOW);
    running.cancel(NOW);
    assertThat(running.status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(running.finishedAt()).isEqualTo(NOW);
  }

  @Test
  void refusesToCancelWhatHasEnded() {
    Job failed = after(j -> j.start(NOW));
    failed.fail(PROBLEM, NOW);
    assertThatThrownBy(() -> failed.cancel(NOW))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("is failed");
  }

  @Test
  void refusesToSucceedWithoutHavingRun() {
    assertThatThrownBy(() -> after(j -> j.succeed(NOW)))
        .hasMessageContaining("is queued; it cannot become succeeded");
  }

  @Test
  void countsAttemptsAndLostWorkers() {
    Job job = after(j -> j.start(NOW));
    job.giveBack();
    job.start(NOW);
    assertThat(job.attempt()).isEqualTo(2);
    assertThat(job.lost()).isZero();
    job.start(NOW);
    assertThat(job.attempt()).isEqualTo(3);
    assertThat(job.lost()).isEqualTo(1);
  }

  private static Job after(Consumer<Job> change) {
    JsonNode posted = SpecReader.parse(Http.job("x").getBytes(StandardCharsets.UTF_8));
    JobSpec spec = SpecReader.read(posted);
    Job job = new Job("default", spec, posted, posted, "loss", NOW);
    change.accept(job);
    return job;
  }
}
