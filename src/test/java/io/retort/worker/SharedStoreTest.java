package io.retort.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.RetortApplication;
import io.retort.artifact.SharedFiles;
import io.retort.spec.Phase;
import io.retort.testing.FakeEngine;
import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import io.retort.testing.S3Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;

/** An API and workers that share a database and a bucket of a real S3 service, but no directory. */
class SharedStoreTest {

  @TempDir Path directory;
  private S3Service s3;
  private Http http;
  private JdbcConnectionDetails database;

  @Test
  void machinesFindEachOthersFilesInTheBucketAndOutliveItsAbsence() throws Exception {
    s3 = new S3Service(directory.resolve("s3"));
    try (ConfigurableApplicationContext api = start("api", "retort.worker.enabled=false")) {
      http = api.getBean(Http.class);
      database = api.getBean(JdbcConnectionDetails.class);
      putsLargeFilesInParts(api.getBean(SharedFiles.class));
      removesWhatIsDeleted();
      String stopped;
      try (ConfigurableApplicationContext one = start("one", "retort.api.enabled=false")) {
        findsWhatAnotherMachineMade();
        stopped = runsUntilItsWorkerIsStopped();
      }
      try (ConfigurableApplicationContext two = start("two", "retort.api.enabled=false")) {
        assertThat(http.ended(stopped).at("/status")).isEqualTo("succeeded");
        try (ConfigurableApplicationContext three = start("three", "retort.api.enabled=false")) {
          helpsAnotherMachineToLabel();
        }
        waitsWhileTheBucketIsAway();
      }
    } finally {
      s3.close();
    }
  }

  private void putsLargeFilesInParts(SharedFiles files) throws IOException {
    Path large = directory.resolve("large");
    byte[] random = new byte[70 << 20];
    new Random(1).nextBytes(random);
    Files.write(large, random);
    files.put("large/file", large);
    assertThat(files.list("large/")).extracting(SharedFiles.Entry::name).containsExactly("file");
    assertThat(files.fetch("large/file", directory.resolve("back"))).isTrue();
    assertThat(Files.mismatch(large, directory.resolve("back"))).isEqualTo(-1);
    assertThat(files.fetch("large/other", directory.resolve("none"))).isFalse();
    assertThat(files.has("large/other")).isFalse();
    files.delete("large/file");
    assertThat(files.has("large/file")).isFalse();
  }

  private void removesWhatIsDeleted() {
    byte[] csv = "a,label\n1,x\n2,y\n".getBytes(StandardCharsets.UTF_8);
    Answer upload = http.upload("/v1/datasets", "rows.csv", csv, null);
    assertThat(upload.status()).as(upload.text()).isEqualTo(201);
    Path object = object(upload.at("/sha256"));
    assertThat(object).hasBinaryContent(csv);
    http.delete("/v1/datasets/" + upload.at("/id"));
    assertThat(object).doesNotExist();
  }

  private Path object(String sha256) {
    return s3.objects().resolve("artifacts").resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  private void findsWhatAnotherMachineMade() {
    String job = http.submit("made elsewhere");
    assertThat(http.ended(job).at("/status")).isEqualTo("succeeded");
    assertThat(http.get("/v1/jobs/" + job + "/artifacts/student.zip").text())
        .isEqualTo("model of made elsewhere");
  }

  /** Its second attempt, on another machine, needs what the first has left. */
  private String runsUntilItsWorkerIsStopped() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put(
        "moves between machines",
        (spec, context) -> {
          Path checkpoint = context.checkpoints().directory().resolve("student-1.checkpoint");
          if (!Files.exists(checkpoint)) {
            write(checkpoint);
            running.countDown();
            while (true) {
              context.cancellation().check();
              Thread.onSpinWait();
            }
          }
          return FakeEngine.succeed(spec, context);
        });
    String job = http.submit("moves between machines");
    assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
    return job;
  }

  private static void write(Path checkpoint) {
    try {
      Files.writeString(checkpoint, "half a student");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each has one slot, so whoever helps is on the machine that does not run the job. */
  private void helpsAnotherMachineToLabel() throws Exception {
    CountDownLatch helped = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put(
        "labelled by two",
        (spec, context) -> {
          context.phase(Phase.LABELLING);
          while (helped.getCount() > 0) {
            context.cancellation().check();
            context.labelling(Duration.ofMinutes(1));
            Thread.onSpinWait();
          }
          return FakeEngine.succeed(spec, context);
        });
    FakeEngine.HELP.put("labelled by two", (spec, context) -> helped.countDown());
    String job = http.submit("labelled by two");
    assertThat(helped.await(40, TimeUnit.SECONDS)).isTrue();
    assertThat(http.ended(job).at("/status")).isEqualTo("succeeded");
  }

  private void waitsWhileTheBucketIsAway() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put(
        "patient",
        (spec, context) -> {
          running.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return FakeEngine.succeed(spec, context);
        });
    String unseen = http.submit("made before");
    assertThat(http.ended(unseen).at("/status")).isEqualTo("succeeded");
    String patient = http.submit("patient");
    assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
    s3.kill();
    go.countDown();
    Answer refused = http.get("/v1/jobs/" + unseen + "/artifacts/student.zip");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.at("/code")).isEqualTo("storage_unavailable");
    untilReadinessIs(503);
    assertThat(http.get("/v1/jobs/" + patient).at("/status")).isEqualTo("running");
    s3.start();
    assertThat(http.ended(patient).at("/status")).isEqualTo("succeeded");
    assertThat(http.get("/v1/jobs/" + unseen + "/artifacts/student.zip").status()).isEqualTo(200);
    untilReadinessIs(200);
  }

  private void untilReadinessIs(int status) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (http.get("/actuator/health/readiness").status() != status && System.nanoTime() < end) {
      Thread.sleep(100);
    }
    assertThat(http.get("/actuator/health/readiness").status()).isEqualTo(status);
  }

  private ConfigurableApplicationContext start(String machine, String mode) {
    List<String> settings = new ArrayList<>(s3.settings());
    settings.addAll(
        List.of(
            mode,
            "server.port=0",
            "logging.level.root=warn",
            "db-scheduler.heartbeat-interval=500ms"));
    settings.add("retort.data-dir=" + directory.resolve(machine));
    if (database != null) {
      settings.add("spring.datasource.url=" + database.getJdbcUrl());
      settings.add("spring.datasource.username=" + database.getUsername());
      settings.add("spring.datasource.password=" + database.getPassword());
    }
    return new SpringApplicationBuilder(RetortApplication.class, FakeEngine.class, Http.class)
        .run(settings.stream().map(setting -> "--" + setting).toArray(String[]::new));
  }
}
