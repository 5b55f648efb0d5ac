package io.retort.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.NeedsBackend;
import io.retort.testing.RetortProcess;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process of the whole service, whose embedded PostgreSQL is killed under it. */
@NeedsBackend
class PostgresLossTest {

  private static final int PATIENCE_SECONDS = 120;
  private static final String JOB =
      """
      {"dataset": {"uri": "sample:mnist1d"}, "teacher": {"architecture": {"type": "logistic"},
                                                         "training": {"epochs": 1}},
       "student": {"architecture": {"type": "mlp", "hidden": [100]}},
       "training": {"epochs": 10000, "earlyStopping": {"patience": 10000}},
       "evaluation": {"twin": false}}
      """;

  @TempDir Path directory;
  private Api api;

  @Test
  void aPostgresThatDiesAloneIsStartedAgainUnderARunningJob() throws Exception {
    int port = RetortProcess.freePort();
    api = new Api(HttpClient.newHttpClient(), port, "");
    Process service =
        RetortProcess.start(directory, directory.resolve("data"), "service", port, List.of());
    try {
      api.get("/actuator/health/readiness");
      String job = api.submit(JOB);
      for (int loss = 0; loss < 2; loss++) {
        double before = progress(job);
        kill(postmaster());
        awaitMoreThan(before, job);
      }
      assertThat(api.job(job).at("/attempt").asInt()).isEqualTo(1);
      api.post("/v1/jobs/" + job + "/cancel", "");
      assertThat(api.ended(job).at("/status").asString()).isEqualTo("cancelled");
      ProcessHandle last = postmaster();
      service.destroy();
      assertThat(service.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      last.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(directory.resolve("data/postgres-17/cluster/postmaster.pid")).doesNotExist();
    } finally {
      service.destroyForcibly().waitFor();
    }
  }

  private ProcessHandle postmaster() throws Exception {
    Path pidFile = directory.resolve("data/postgres-17/cluster/postmaster.pid");
    long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
    return ProcessHandle.of(pid).orElseThrow();
  }

  private static void kill(ProcessHandle process) throws Exception {
    assertThat(process.destroyForcibly()).isTrue();
    process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private double progress(String job) throws Exception {
    return api.job(job).at("/progress").asDouble();
  }

  /** Which it can only tell through a database that runs. */
  private void awaitMoreThan(double before, String job) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (progress(job) <= before && System.nanoTime() < end) {
      Thread.sleep(100);
    }
    assertThat(progress(job)).isGreaterThan(before);
  }
}
