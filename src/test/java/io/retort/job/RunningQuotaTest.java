package io.retort.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.FakeEngine;
import io.retort.testing.Http;
import io.retort.testing.KeyedServiceTest;
import io.retort.testing.Keys;
import io.retort.worker.JobEngine;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A worker with two slots, and tenants that may use one of them each. */
@KeyedServiceTest
class RunningQuotaTest {

  private static final String[] JOBS = {"jobs:read", "jobs:write"};

  @Autowired Http http;
  @Autowired Keys keys;

  private static JobEngine waiting(CountDownLatch started, CountDownLatch goOn) {
    return (spec, context) -> {
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
  void aTenantRunsNoMoreJobsAtOnceThanItMay() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    CountDownLatch others = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put("quota first", waiting(first, goOn));
    FakeEngine.SCRIPTS.put("quota second", waiting(second, new CountDownLatch(0)));
    FakeEngine.SCRIPTS.put("quota other", waiting(others, new CountDownLatch(0)));
    Http caller = http.as(keys.of("one-at-a-time", JOBS));
    Http other = http.as(keys.of("somebody-else", JOBS));
    String one = caller.submit("quota first");
    first.await();
    String two = caller.submit("quota second");
    // comes later and runs at once: a slot is free, and it is only the quota that holds the other
    assertThat(other.ended(other.submit("quota other")).at("/status")).isEqualTo("succeeded");
    assertThat(caller.get("/v1/jobs/" + two).at("/status")).isEqualTo("queued");
    assertThat(second.getCount()).isEqualTo(1);
    goOn.countDown();
    assertThat(caller.ended(one).at("/status")).isEqualTo("succeeded");
    assertThat(caller.ended(two).at("/status")).isEqualTo("succeeded");
  }
}
