package io.retort.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.Collector;
import io.retort.testing.FakeEngine;
import io.retort.testing.Http;
import io.retort.testing.KeyedServiceTest;
import io.retort.testing.Keys;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.beans.factory.annotation.Autowired;

@KeyedServiceTest
class TraceTest {

  @Autowired Http http;
  @Autowired Keys keys;

  @Test
  void sendsASpanForARequestAJobAndItsPhases() throws Exception {
    AtomicReference<String> logged = new AtomicReference<>("");
    FakeEngine.SCRIPTS.put(
        "traced",
        (spec, context) -> {
          logged.set(MDC.get("traceId"));
          context.pace("student", 700, 7, Duration.ofMillis(70));
          return FakeEngine.succeed(spec, context);
        });
    Http caller = http.as(keys.of("traced", "jobs:write\", \"jobs:read\", \"metrics:read"));
    String job = caller.submit("traced");
    assertThat(caller.ended(job).at("/status")).isEqualTo("succeeded");
    Instant latest = Instant.now().plusSeconds(20);
    while (!Collector.received().contains(job) && Instant.now().isBefore(latest)) {
      Thread.sleep(50);
    }
    assertThat(Collector.received())
        .contains("http post /v1/jobs", "http get /v1/jobs/{id}", job, "training", "retort");
    assertThat(logged.get()).matches("[0-9a-f]{32}");
    assertThat(caller.get("/actuator/prometheus").text())
        .contains("retort_job_phase_seconds_count{", "phase=\"training\"")
        .contains("retort_training_rows_total{role=\"student\"} 700.0")
        .contains("retort_training_step_seconds_sum{role=\"student\"} 0.01")
        .contains("retort_job_retries_total 0.0", "retort_jobs_heartbeat_missed");
  }
}
