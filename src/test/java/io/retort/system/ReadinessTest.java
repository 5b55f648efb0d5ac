package io.retort.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.retort.database.DataDirectory;
import io.retort.testing.Http;
import io.retort.testing.ServiceTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@ServiceTest
class ReadinessTest {

  private static final String READINESS = "/actuator/health/readiness";

  @Autowired Http http;
  @Autowired Scheduler queue;
  @Autowired DataDirectory data;

  @Test
  void isNotReadyAndTakesNoJobsWhileTheStoreTakesNoFiles() throws Exception {
    Path staging = data.directory("artifacts", "staging");
    Path away = staging.resolveSibling("moved-away");
    assertThat(http.get(READINESS).status()).isEqualTo(200);
    Files.move(staging, away);
    try {
      Files.createFile(staging); // a directory no more
      await(() -> http.get(READINESS).status() == 503);
      assertThat(http.get(READINESS).text()).doesNotContain(data.dataDir().toString());
      assertThat(http.get("/actuator/health/liveness").status()).isEqualTo(200);
      await(() -> queue.getSchedulerState().isPaused());
      String job = http.submit("waits for the store");
      assertThat(http.get("/v1/jobs/" + job + "?wait=1s").at("/status")).isEqualTo("queued");
      restore(away, staging);
      await(() -> http.get(READINESS).status() == 200);
      assertThat(http.ended(job).at("/status")).isEqualTo("succeeded");
    } finally {
      restore(away, staging);
    }
  }

  private static void restore(Path away, Path staging) throws IOException {
    if (Files.exists(away)) {
      Files.deleteIfExists(staging);
      Files.move(away, staging);
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    Instant latest = Instant.now().plus(Duration.ofSeconds(30));
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(latest);
      Thread.sleep(50);
    }
  }
}
