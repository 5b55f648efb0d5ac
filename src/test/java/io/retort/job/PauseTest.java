package io.retort.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.spec.Phase;
import io.retort.testing.FakeEngine;
import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import io.retort.testing.ServiceTest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@ServiceTest
class PauseTest {

  @Autowired Http http;
  @Autowired RunLog log;
  @Autowired JdbcClient jdbc;

  @Test
  void pausesARunningJobWhichKeepsItsStateAndGoesOn() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    AtomicBoolean askedToKeep = new AtomicBoolean();
    FakeEngine.SCRIPTS.put(
        "pausable",
        (spec, context) -> {
          if (running.getCount() == 0) {
            return FakeEngine.succeed(spec, context);
          }
          running.countDown();
          while (!context.cancellation().requested()) {
            Thread.onSpinWait();
          }
          askedToKeep.set(context.checkpoints().leaving().getAsBoolean());
          context.cancellation().check();
          return FakeEngine.succeed(spec, context);
        });
    String id = http.submit("pausable");
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
    Answer pausing = http.post("/v1/jobs/" + id + "/pause");
    assertThat(pausing.status()).isEqualTo(202);
    assertThat(pausing.at("/status")).isEqualTo("pausing");
    until(id, "paused");
    assertThat(askedToKeep).isTrue();
    assertThat(http.post("/v1/jobs/" + id + "/pause").at("/status")).isEqualTo("paused");
    assertThat(http.send("DELETE", "/v1/jobs/" + id).status()).isEqualTo(409);
    assertThat(http.post("/v1/jobs/" + id + "/resume").status()).isEqualTo(202);
    assertThat(http.ended(id).at("/status")).isEqualTo("succeeded");
    Answer ended = http.post("/v1/jobs/" + id + "/pause");
    assertThat(ended.status()).isEqualTo(409);
    assertThat(ended.at("/code")).isEqualTo("wrong_status");
  }

  @Test
  void cancelsAPausedJobAtOnce() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put(
        "paused for ever",
        (spec, context) -> {
          running.countDown();
          while (true) {
            context.cancellation().check();
            Thread.onSpinWait();
          }
        });
    String id = http.submit("paused for ever");
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
    http.post("/v1/jobs/" + id + "/pause");
    until(id, "paused");
    assertThat(http.post("/v1/jobs/" + id + "/cancel").at("/status")).isEqualTo("cancelled");
  }

  @Test
  void anAttemptThatIsOverWritesNothing() {
    String id = http.submit("over");
    http.ended(id);
    UUID job = UUID.fromString(id);
    long before = lines(job);
    log.append(
        job,
        1,
        List.of(new RunLog.Event(Instant.EPOCH, "INFO", "from the dead", Map.of())),
        List.of(new RunLog.Metric("student.loss", 1, 1, 0.5, Instant.EPOCH)));
    log.progress(job, 1, Phase.TRAINING, 0.1);
    assertThat(lines(job)).isEqualTo(before);
    assertThat(http.get("/v1/jobs/" + id).at("/progress")).isEqualTo("1.0");
  }

  private long lines(UUID job) {
    return jdbc.sql(
            "select (select count(*) from job_event where job_id = :job)"
                + " + (select count(*) from job_metric where job_id = :job)")
        .param("job", job)
        .query(Long.class)
        .single();
  }

  private void until(String id, String status) throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      if (http.get("/v1/jobs/" + id).at("/status").equals(status)) {
        return;
      }
      Thread.sleep(100);
    }
    assertThat(http.get("/v1/jobs/" + id).at("/status")).isEqualTo(status);
  }
}
