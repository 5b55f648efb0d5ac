package io.retort.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.retort.dataset.Datasets;
import io.retort.job.OldJobs;
import io.retort.spec.Cancellation;
import io.retort.spec.DatasetSpec;
import io.retort.spec.JobSpec;
import io.retort.spec.SpecReader;
import io.retort.targets.SoftTargetStore;
import io.retort.testing.Http;
import io.retort.testing.ServiceTest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.unit.DataSize;

/** A service whose clock is said to be a year on. */
@ServiceTest
class CacheRetentionTest {

  private static final Duration YEAR = Duration.ofDays(365);
  private static final Duration MONTH = Duration.ofDays(30);

  @Autowired Http http;
  @Autowired JdbcClient jdbc;
  @Autowired OldJobs jobs;
  @Autowired SoftTargetStore targets;
  @Autowired Datasets datasets;
  @Autowired MeterRegistry meters;

  @Test
  void preparedDatasetsGoUnlessAJobThatHasNotEndedMayHaveReadThem() {
    datasets.prepare(mnist(), Cancellation.NONE);
    String paused = http.submit("pauses");
    http.ended(paused);
    jdbc.sql("update job set status = 'PAUSED', finished_at = null where id = ?::uuid")
        .param(paused)
        .update();
    double before = removed();
    sweep(Clock.systemUTC(), MONTH);
    assertThat(removed()).isEqualTo(before);
    jdbc.sql("update job set created_at = now() - interval '1 day' where id = ?::uuid")
        .param(paused)
        .update();
    sweep(Clock.offset(Clock.systemUTC(), YEAR), MONTH);
    assertThat(removed()).isEqualTo(before);
    jdbc.sql("update job set status = 'CANCELLED', finished_at = now() where id = ?::uuid")
        .param(paused)
        .update();
    sweep(Clock.offset(Clock.systemUTC(), YEAR), MONTH);
    assertThat(removed()).isGreaterThan(before);
  }

  private static DatasetSpec mnist() {
    return SpecReader.read(
            SpecReader.parse(Http.job("x").getBytes(StandardCharsets.UTF_8)), JobSpec.class)
        .dataset();
  }

  private void sweep(Clock clock, Duration age) {
    RetentionSettings settings =
        new RetentionSettings(
            null,
            null,
            null,
            null,
            null,
            null,
            DataSize.ofGigabytes(1),
            age,
            null,
            Duration.ofHours(1));
    new CacheRetention(settings, jobs, targets, datasets, meters, clock).sweep();
  }

  private double removed() {
    return meters.counter("retort.retention.removed", "what", "prepared datasets").count();
  }
}
