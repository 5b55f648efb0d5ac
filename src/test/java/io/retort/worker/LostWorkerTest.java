package io.retort.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.spec.Cancellation.CancelledException;
import io.retort.testing.FakeEngine;
import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import io.retort.testing.ServiceTest;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@ServiceTest
class LostWorkerTest {

  @Autowired Http http;
  @Autowired JdbcClient jdbc;

  @Test
  void runsAJobAgainWhoseWorkerDied() {
    String id = leftBehind("orphan", 0);
    Answer done = http.ended(id);
    assertThat(done.at("/status")).as(done.text()).isEqualTo("succeeded");
    assertThat(done.at("/attempt")).isEqualTo("2");
    assertThat(http.get("/v1/jobs/" + id + "/events?limit=100").text())
        .contains("Attempt 1 ended without a word");
  }

  @Test
  void givesUpAJobThatKeepsKillingItsWorkers() {
    Answer failed = http.ended(leftBehind("killer", 2));
    assertThat(failed.at("/status")).isEqualTo("failed");
    assertThat(failed.at("/error/code")).isEqualTo("worker_lost");
    assertThat(failed.at("/error/detail")).contains("3 times", "memory");
  }

  /** It came further each time, and might do so for ever. */
  @Test
  void givesUpAJobThatHasKilledTooManyWorkersInAll() {
    Answer failed = http.ended(leftBehind("slow killer", 0, 19));
    assertThat(failed.at("/status")).isEqualTo("failed");
    assertThat(failed.at("/error/code")).isEqualTo("worker_lost");
    assertThat(failed.at("/error/detail")).contains("20 workers in all");
    String last = leftBehind("not so slow", 0, 18);
    assertThat(http.ended(last).at("/status")).isEqualTo("succeeded");
    assertThat(
            jdbc.sql("select losses from job where id = ?::uuid")
                .param(last)
                .query(Integer.class)
                .single())
        .isEqualTo(19);
  }

  @Test
  void letsGoOfAJobThatAnotherWorkerTookOver() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch letGo = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put(
        "zombie",
        (spec, context) -> {
          running.countDown();
          while (!context.cancellation().requested()) {
            Thread.onSpinWait();
          }
          letGo.countDown();
          return FakeEngine.succeed(spec, context);
        });
    String id = http.submit("zombie");
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
    jdbc.sql("update job set attempt = 7, version = version + 1 where id = ?::uuid")
        .param(id)
        .update();
    assertThat(letGo.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(http.get("/v1/jobs/" + id + "/artifacts").json().get("data")).isEmpty();
    http.post("/v1/jobs/" + id + "/cancel");
    assertThat(http.ended(id).at("/status")).isEqualTo("cancelled");
  }

  /** As after a suspension of the process: the run gave up, and the database is there again. */
  @Test
  void givesAJobBackThatStoppedThoughNobodyWantedIt() {
    AtomicInteger begun = new AtomicInteger();
    FakeEngine.SCRIPTS.put(
        "suspended",
        (spec, context) -> {
          if (begun.incrementAndGet() == 1) {
            throw new CancelledException();
          }
          return FakeEngine.succeed(spec, context);
        });
    String id = http.submit("suspended");
    Answer done = http.ended(id);
    assertThat(done.at("/status")).as(done.text()).isEqualTo("succeeded");
    assertThat(done.at("/attempt")).isEqualTo("2");
    assertThat(http.get("/v1/jobs/" + id + "/events?limit=100").text())
        .contains("The worker was out of touch for a while");
  }

  @Test
  void cancelsAJobWhoseWorkerDiedWhileCancelling() {
    String id = leftBehind("half cancelled", 0);
    http.post("/v1/jobs/" + id + "/cancel");
    assertThat(http.ended(id).at("/status")).isIn("cancelled", "succeeded");
  }

  /** A job as a killed worker leaves it: running, its queue entry picked, its heartbeat old. */
  private String leftBehind(String name, int lost) {
    return leftBehind(name, lost, lost);
  }

  private String leftBehind(String name, int lost, int losses) {
    String done = http.submit(name);
    http.ended(done);
    UUID id = UUID.randomUUID();
    jdbc.sql(
            "insert into job (id, type, name, labels, status, attempt, lost, losses, spec, resolved,"
                + " formula, created_at, started_at, version)"
                + " select ?, type, name, labels, 'RUNNING', 1, ?, ?, spec, resolved, formula,"
                + " created_at, started_at, 1 from job where id = ?::uuid")
        .params(id, lost, losses, done)
        .update();
    jdbc.sql(
            "insert into scheduled_tasks (task_name, task_instance, execution_time, picked,"
                + " picked_by, last_heartbeat, version) values ('job', ?, now() - interval '1 hour',"
                + " true, 'dead-worker', now() - interval '1 hour', 1)")
        .param(id.toString())
        .update();
    return id.toString();
  }
}
