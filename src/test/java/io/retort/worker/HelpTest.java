package io.retort.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.spec.Phase;
import io.retort.testing.FakeEngine;
import io.retort.testing.Http;
import io.retort.testing.ServiceTest;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Four slots: one has a job, and what the other three do about it. */
@ServiceTest
@ExtendWith(OutputCaptureExtension.class)
class HelpTest {

  @Autowired Http http;
  @Autowired JdbcClient jdbc;

  @Test
  void freeSlotsHelpWithALongLabellingAndMakeRoomForJobs() throws Exception {
    CountDownLatch helped = new CountDownLatch(3);
    AtomicBoolean go = new AtomicBoolean();
    FakeEngine.SCRIPTS.put(
        "long labelling",
        (spec, context) -> {
          context.phase(Phase.LABELLING);
          while (!go.get()) {
            context.labelling(Duration.ofMinutes(1));
            pause();
          }
          return FakeEngine.succeed(spec, context);
        });
    FakeEngine.HELP.put(
        "long labelling",
        (spec, context) -> {
          helped.countDown();
          while (true) {
            context.cancellation().check();
            pause();
          }
        });
    String labelling = http.submit("long labelling");
    assertThat(helped.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(http.ended(http.submit("comes later")).at("/status")).isEqualTo("succeeded");
    assertThat(http.get("/v1/jobs/" + labelling).at("/status")).isEqualTo("running");
    go.set(true);
    assertThat(http.ended(labelling).at("/status")).isEqualTo("succeeded");
    assertThat(http.ended(http.submit("the last")).at("/status")).isEqualTo("succeeded");
  }

  @Test
  void whoeverCannotHelpIsNotCalledAgainAtOnceAndSaysWhyOnce(CapturedOutput log) throws Exception {
    AtomicBoolean go = new AtomicBoolean();
    FakeEngine.SCRIPTS.put(
        "beyond help",
        (spec, context) -> {
          context.phase(Phase.LABELLING);
          while (!go.get()) {
            context.labelling(Duration.ofMinutes(1));
            pause();
          }
          return FakeEngine.succeed(spec, context);
        });
    FakeEngine.HELP.put(
        "beyond help",
        (spec, context) -> {
          throw new IllegalStateException("the file is not here");
        });
    String labelling = http.submit("beyond help");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (waiting(labelling) < 3 && System.nanoTime() < end) {
      pause();
    }
    assertThat(waiting(labelling)).isEqualTo(3);
    assertThat(log.getAll()).containsOnlyOnce("the file is not here");
    go.set(true);
    assertThat(http.ended(labelling).at("/status")).isEqualTo("succeeded");
  }

  /** Calls that nobody answers in the next seconds. */
  private int waiting(String job) {
    return jdbc.sql(
            """
            select count(*) from scheduled_tasks
            where task_instance like ? and execution_time > now() + interval '10 seconds'
            """)
        .param(job + "/%")
        .query(Integer.class)
        .single();
  }

  @Test
  void nobodyIsCalledToAShortLabelling() throws Exception {
    FakeEngine.SCRIPTS.put(
        "short labelling",
        (spec, context) -> {
          context.phase(Phase.LABELLING);
          for (int i = 0; i < 200; i++) {
            context.labelling(Duration.ofSeconds(2));
            pause();
          }
          return FakeEngine.succeed(spec, context);
        });
    String labelling = http.submit("short labelling");
    assertThat(http.ended(labelling).at("/status")).isEqualTo("succeeded");
    assertThat(
            jdbc.sql("select count(*) from scheduled_tasks where task_instance like ?")
                .param(labelling + "/%")
                .query(Integer.class)
                .single())
        .isZero();
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
