package io.retort.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.pipeline.MemoryEstimate;
import io.retort.testing.FakeEngine;
import io.retort.testing.Http;
import io.retort.testing.ServiceTest;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The worker under test may use 1 GB, whatever its four slots. */
@ServiceTest
class MemoryTest {

  @Autowired Http http;

  private static JobEngine needing(long mebibytes, CountDownLatch started, CountDownLatch goOn) {
    return (spec, context) -> {
      context.needs(new MemoryEstimate(mebibytes << 20, "/student/architecture"));
      started.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return FakeEngine.succeed(spec, context);
    };
  }

  @Test
  void aJobWaitsUntilTheWorkerHasRoomForIt() throws Exception {
    CountDownLatch firstRuns = new CountDownLatch(1);
    CountDownLatch secondRuns = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put("first large", needing(700, firstRuns, goOn));
    FakeEngine.SCRIPTS.put("second large", needing(700, secondRuns, goOn));
    String first = http.submit("first large");
    firstRuns.await();
    String second = http.submit("second large");
    String events = "/v1/jobs/" + second + "/events?limit=100";
    for (String text = ""; !text.contains("waits for a worker"); text = http.get(events).text()) {
      Thread.sleep(50);
    }
    assertThat(http.get("/v1/jobs/" + second).at("/status")).isEqualTo("queued");
    assertThat(secondRuns.getCount()).isEqualTo(1);
    goOn.countDown();
    assertThat(http.ended(first).at("/status")).isEqualTo("succeeded");
    assertThat(http.ended(second).at("/status")).isEqualTo("succeeded");
  }

  @Test
  void aJobThatNoWorkerCouldHoldFails() {
    CountDownLatch none = new CountDownLatch(0);
    FakeEngine.SCRIPTS.put("giant", needing(5_000, none, none));
    Http.Answer job = http.ended(http.submit("giant"));
    assertThat(job.at("/status")).isEqualTo("failed");
    assertThat(job.at("/error/code")).isEqualTo("too_much_memory");
    assertThat(job.at("/error/errors/0/pointer")).isEqualTo("/student/architecture");
  }
}
