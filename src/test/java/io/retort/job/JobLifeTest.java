package io.retort.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.FakeEngine;
import io.retort.testing.FakeEngine.BadData;
import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import io.retort.testing.ServiceTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@ServiceTest
class JobLifeTest {

  @Autowired Http http;

  @Test
  void goesThroughTheQueueToSucceeded() {
    Answer accepted = http.post("/v1/jobs", Http.job("plain"));
    assertThat(accepted.status()).isEqualTo(202);
    assertThat(accepted.header("Location")).isEqualTo("/v1/jobs/" + accepted.at("/id"));
    assertThat(accepted.at("/status")).isEqualTo("queued");

    Answer done = http.ended(accepted.at("/id"));
    assertThat(done.at("/status")).as(done.text()).isEqualTo("succeeded");
    assertThat(done.at("/progress")).isEqualTo("1.0");
    assertThat(done.at("/attempt")).isEqualTo("1");
    assertThat(done.at("/resolved/training/batchSize")).isNotEmpty();
    assertThat(done.at("/formula")).contains("KL");
    assertThat(done.at("/labels/team")).isEqualTo("search");
    assertThat(done.at("/finishedAt")).endsWith("Z");
    assertThat(done.json().has("error")).isTrue();
  }

  @Test
  void cancelsAQueuedOrRunningJob() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put(
        "endless",
        (spec, context) -> {
          running.countDown();
          while (true) {
            context.cancellation().check();
            pause();
          }
        });
    String id = http.submit("endless");
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
    Answer cancelling = http.post("/v1/jobs/" + id + "/cancel");
    assertThat(cancelling.status()).isEqualTo(202);
    assertThat(cancelling.at("/status")).isIn("cancelling", "cancelled");
    assertThat(http.ended(id).at("/status")).isEqualTo("cancelled");
    assertThat(http.post("/v1/jobs/" + id + "/cancel").status()).isEqualTo(202);
  }

  /** Who cancels touches an entry that those who start others rank. */
  @Test
  void jobsAreCancelledWhileOthersStart() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(8);
    try {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        String id = http.submit("short lived");
        answers.add(callers.submit(() -> http.post("/v1/jobs/" + id + "/cancel").status()));
      }
      for (Future<Integer> answer : answers) {
        assertThat(answer.get()).isIn(202, 409);
      }
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void keepsTheProblemOfAFailedJob() {
    FakeEngine.SCRIPTS.put(
        "bad data",
        (spec, context) -> {
          throw new BadData("ragged_rows", "Row 3 has 4 columns, the header has 5.");
        });
    Answer failed = http.ended(http.submit("bad data"));
    assertThat(failed.at("/status")).isEqualTo("failed");
    assertThat(failed.at("/error/code")).isEqualTo("ragged_rows");
    assertThat(failed.at("/error/status")).isEqualTo("422");
  }

  @Test
  void hidesTheInsideOfADefect() {
    FakeEngine.SCRIPTS.put(
        "defect",
        (spec, context) -> {
          throw new StackOverflowError("secret");
        });
    Answer failed = http.ended(http.submit("defect"));
    assertThat(failed.at("/error/code")).isEqualTo("internal_error");
    assertThat(failed.text()).doesNotContain("secret").doesNotContain("Exception");
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
