package io.retort.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.RetortApplication;
import io.retort.testing.FakeEngine;
import io.retort.testing.Http;
import io.retort.testing.ServiceTest;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;

/** A second process, API or worker only, on the database of the first. */
@ServiceTest
class TwoProcessesTest {

  @Autowired Http http;
  @Autowired JdbcConnectionDetails database;
  @TempDir Path directory;

  @Test
  void queuesInAnApiThatDoesNotWork() {
    try (ConfigurableApplicationContext api = start("retort.worker.enabled=false")) {
      assertThat(api.getBeansOfType(RunJob.class)).isEmpty();
      Http other = api.getBean(Http.class);
      String id = other.submit("from elsewhere");
      assertThat(other.ended(id).at("/status")).isEqualTo("succeeded");
      assertThat(http.get("/v1/jobs/" + id).at("/status")).isEqualTo("succeeded");
    }
  }

  @Test
  void givesAJobBackWhenItsWorkerIsStopped() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(5);
    CountDownLatch go = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put(
        "moves",
        (spec, context) -> {
          runs.incrementAndGet();
          all.countDown();
          while (go.getCount() > 0) {
            context.cancellation().check();
            Thread.onSpinWait();
          }
          return FakeEngine.succeed(spec, context);
        });
    // The first service has four slots, so the fifth job runs on the second.
    String[] ids = new String[5];
    ConfigurableApplicationContext worker = start("retort.api.enabled=false");
    try {
      for (int i = 0; i < ids.length; i++) {
        ids[i] = http.submit("moves");
      }
      assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(http.get("/v1/system").json().get("workers")).hasSize(2);
      assertThat(worker.getBean(Http.class).get("/v1/jobs").status()).isEqualTo(404);
      assertThat(worker.getBean(Http.class).get("/actuator/health").status()).isEqualTo(200);
    } finally {
      worker.close();
    }
    go.countDown();
    for (String id : ids) {
      assertThat(http.ended(id).at("/status")).isEqualTo("succeeded");
    }
    assertThat(runs.get()).isGreaterThan(5);
    assertThat(http.get("/v1/system").json().get("workers")).hasSize(1);
  }

  private ConfigurableApplicationContext start(String mode) {
    return new SpringApplicationBuilder(RetortApplication.class, FakeEngine.class, Http.class)
        .properties("server.port=0", "logging.level.root=warn")
        .run(
            "--" + mode,
            "--server.port=0",
            "--logging.level.root=warn",
            "--db-scheduler.heartbeat-interval=500ms",
            "--retort.data-dir=" + directory,
            "--spring.datasource.url=" + database.getJdbcUrl(),
            "--spring.datasource.username=" + database.getUsername(),
            "--spring.datasource.password=" + database.getPassword());
  }
}
