package io.retort.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.retort.artifact.Artifacts;
import io.retort.artifact.ContentStore;
import io.retort.database.DataDirectory;
import io.retort.job.JobRemoval;
import io.retort.job.OldJobs;
import io.retort.pipeline.PipelineContext;
import io.retort.pipeline.PipelineOutcome;
import io.retort.registry.RegistryException;
import io.retort.registry.RegistryKind;
import io.retort.registry.RegistryRemoval;
import io.retort.spec.JobSpec;
import io.retort.testing.FakeEngine;
import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import io.retort.testing.ServiceTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.unit.DataSize;

/** What is old here was made in 2001, so that what other tests make is never touched. */
@ServiceTest
class RetentionTest {

  private static final DataSize FLEET = DataSize.ofGigabytes(100);
  private static final Duration AGE = Duration.ofDays(3650);

  @Autowired Http http;
  @Autowired JdbcClient jdbc;
  @Autowired OldJobs oldJobs;
  @Autowired JobRemoval jobs;
  @Autowired Artifacts artifacts;
  @Autowired ContentStore contents;
  @Autowired RegistryRemoval registry;
  @Autowired MeterRegistry meters;
  @Autowired DataDirectory data;
  @Autowired Clock clock;

  /** One entry in the queue, so one process at a time. */
  @Test
  void isDueAgainAndAgain() {
    assertThat(
            jdbc.sql("select task_name from chore where task_instance = 'recurring'")
                .query(String.class)
                .list())
        .containsExactlyInAnyOrder("retention", "cache-retention");
  }

  @Test
  void removesJobsThatEndedLongAgoWithAllOfTheirBytes() {
    String young = made("young");
    String old = made("old");
    Path file = file(old, "unique.bin");
    assertThat(file).exists();
    endedIn(2001, old);
    double before = removed("jobs");

    retain(new RetentionSettings(AGE, null, null, null, null, null, FLEET, AGE, null, AGE));

    assertThat(http.get("/v1/jobs/" + old).status()).isEqualTo(404);
    assertThat(file).doesNotExist();
    for (String table : List.of("job_event", "job_metric", "job_result", "artifact")) {
      assertThat(rows(table, old)).as(table).isZero();
    }
    assertThat(removed("jobs") - before).isEqualTo(1);
    assertThat(http.get("/v1/jobs/" + young + "/artifacts").json().get("data")).hasSize(1);
  }

  @Test
  void deletingAJobFreesItsBytes() {
    String job = made("deleted by hand");
    Path file = file(job, "unique.bin");
    assertThat(file).exists();
    assertThat(http.delete("/v1/jobs/" + job).status()).isEqualTo(204);
    assertThat(file).doesNotExist();
    assertThat(rows("job_event", job)).isZero();
  }

  @Test
  void aJobOfWhichSomebodyIsStillToBeToldStays() {
    String job = made("untold");
    endedIn(2001, job);
    jdbc.sql(
            "insert into delivery (id, message_id, job_id, event, url, body, status, created_at)"
                + " values (gen_random_uuid(), gen_random_uuid(), ?::uuid, 'job.succeeded',"
                + " 'http://127.0.0.1:9/', '{}', 'PENDING', now())")
        .param(job)
        .update();
    RetentionSettings settings =
        new RetentionSettings(AGE, null, null, null, null, null, FLEET, AGE, null, AGE);
    retain(settings);
    assertThat(http.get("/v1/jobs/" + job).status()).isEqualTo(200);
    jdbc.sql("update delivery set status = 'FAILED' where job_id = ?::uuid").param(job).update();
    retain(settings);
    assertThat(http.get("/v1/jobs/" + job).status()).isEqualTo(404);
  }

  @Test
  void removesFilesOfJobsThatStay() {
    String job = made("only files");
    endedIn(2001, job);
    retain(new RetentionSettings(null, AGE, null, null, null, null, FLEET, AGE, null, AGE));
    assertThat(http.get("/v1/jobs/" + job + "/artifacts").json().get("data")).isEmpty();
    assertThat(http.get("/v1/jobs/" + job + "/report").at("/verdict")).isEqualTo("better");
    http.delete("/v1/jobs/" + job);
  }

  @Test
  void removesTheOldestFilesWhereThereIsTooMuch() {
    String older = made("older");
    String newer = made("newer");
    endedIn(2002, newer);
    endedIn(2001, older);
    DataSize most = DataSize.ofBytes(contents.bytes() - 1);
    retain(new RetentionSettings(null, null, null, null, null, null, FLEET, AGE, most, AGE));
    assertThat(rows("artifact", older)).isZero();
    assertThat(rows("artifact", newer)).isEqualTo(1);
    assertThat(contents.bytes()).isLessThan(most.toBytes());
    http.delete("/v1/jobs/" + older);
    http.delete("/v1/jobs/" + newer);
  }

  @Test
  void whatALiveJobNamesStaysAndWhatUsersUploadedHasItsOwnAge() throws InterruptedException {
    String dataset = upload("datasets", "x,label\n7,a\n8,b\n");
    String spare = upload("datasets", "x,label\n9,a\n8,b\n");
    String model = upload("models", "model, to learn from");
    String unused = upload("models", "model, unused");
    jdbc.sql("update dataset set created_at = '2001-01-01' where id in (?::uuid, ?::uuid)")
        .params(dataset, spare)
        .update();
    jdbc.sql("update model set created_at = '2001-01-01' where id in (?::uuid, ?::uuid)")
        .params(model, unused)
        .update();
    CountDownLatch running = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put(
        "paused with inputs",
        (spec, context) -> {
          running.countDown();
          while (true) {
            context.cancellation().check();
            Thread.onSpinWait();
          }
        });
    String job = http.post("/v1/jobs", naming("paused with inputs", dataset, model)).at("/id");
    assertThat(running.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    http.post("/v1/jobs/" + job + "/pause");

    retain(new RetentionSettings(null, null, AGE, null, null, null, FLEET, AGE, null, AGE));
    assertThat(http.get("/v1/models/" + unused).status()).isEqualTo(200);
    assertThat(http.get("/v1/datasets/" + spare).status()).isEqualTo(200);

    retain(new RetentionSettings(null, null, null, AGE, AGE, null, FLEET, AGE, null, AGE));
    assertThat(http.get("/v1/models/" + unused).status()).isEqualTo(404);
    assertThat(http.get("/v1/datasets/" + spare).status()).isEqualTo(404);
    assertThat(http.get("/v1/models/" + model).status()).isEqualTo(200);
    assertThat(http.get("/v1/datasets/" + dataset).status()).isEqualTo(200);
    assertThat(http.delete("/v1/models/" + model).at("/code")).isEqualTo("model_in_use");

    http.post("/v1/jobs/" + job + "/cancel");
    http.ended(job);
    retain(new RetentionSettings(null, null, null, AGE, AGE, null, FLEET, AGE, null, AGE));
    assertThat(http.get("/v1/models/" + model).status()).isEqualTo(404);
    assertThat(http.get("/v1/datasets/" + dataset).status()).isEqualTo(404);
  }

  @Test
  void aJobIsQueuedOrWhatItNamesIsRemovedAndNeverBoth() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put(
        "races",
        (spec, context) -> {
          while (release.getCount() > 0) {
            context.cancellation().check();
            Thread.onSpinWait();
          }
          return FakeEngine.succeed(spec, context);
        });
    ExecutorService remover = Executors.newSingleThreadExecutor();
    int queued = 0;
    try {
      for (int round = 0; round < 40; round++) {
        String dataset = upload("datasets", "x,label\n%d,a\n2,b\n".formatted(round));
        Future<Boolean> removal = remover.submit(() -> removes(dataset));
        if (round % 2 == 0) {
          Thread.sleep(round / 10); // lets either of them be first
        }
        Answer answer = http.post("/v1/jobs", naming("races", dataset, null));
        boolean removed = removal.get();
        assertThat(answer.status()).as(answer.text()).isEqualTo(removed ? 422 : 202);
        if (removed) {
          assertThat(answer.at("/code")).isEqualTo("not_found");
          assertThat(answer.at("/errors/0/pointer")).isEqualTo("/dataset/uri");
        } else {
          queued++;
          http.post("/v1/jobs/" + answer.at("/id") + "/cancel");
        }
        assertThat(http.get("/v1/datasets/" + dataset).status()).isEqualTo(removed ? 404 : 200);
      }
    } finally {
      release.countDown();
      remover.shutdownNow();
    }
    assertThat(queued).isLessThan(40);
  }

  private boolean removes(String dataset) {
    try {
      registry.remove(RegistryKind.DATASET, UUID.fromString(dataset));
      return true;
    } catch (RegistryException inUse) {
      return false;
    }
  }

  /** A job that has ended with one file that is its own. */
  private String made(String name) {
    FakeEngine.SCRIPTS.put(name, RetentionTest::ownFile);
    String id = http.submit(name);
    assertThat(http.ended(id).at("/status")).isEqualTo("succeeded");
    return id;
  }

  private static PipelineOutcome ownFile(JobSpec spec, PipelineContext context) {
    context.event(PipelineContext.Level.INFO, "Something happened", java.util.Map.of());
    try {
      Path file = context.workDirectory().resolve("unique.bin");
      Files.writeString(file, spec.name() + UUID.randomUUID());
      return new PipelineOutcome(
          java.util.Map.of(),
          java.util.Map.of("verdict", "better"),
          List.of(new PipelineOutcome.OutputFile("unique.bin", "application/zip", file)),
          List.of());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void retain(RetentionSettings settings) {
    new Retention(settings, oldJobs, jobs, artifacts, contents, registry, meters, clock).sweep();
  }

  private void endedIn(int year, String job) {
    jdbc.sql("update job set finished_at = ?::timestamptz where id = ?::uuid")
        .params(year + "-01-01T00:00:00Z", job)
        .update();
  }

  private int rows(String table, String job) {
    return jdbc.sql("select count(*) from " + table + " where job_id = ?::uuid")
        .param(job)
        .query(Integer.class)
        .single();
  }

  private double removed(String what) {
    return meters.counter("retort.retention.removed", "what", what).count();
  }

  private Path file(String job, String name) {
    String sha256 =
        jdbc.sql("select sha256 from artifact where job_id = ?::uuid and name = ?")
            .params(job, name)
            .query(String.class)
            .single();
    return data.dataDir().resolve("artifacts").resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  private String upload(String kind, String content) {
    Answer answer =
        http.upload("/v1/" + kind, "file", content.getBytes(StandardCharsets.UTF_8), null);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.at("/id");
  }

  private static String naming(String name, String dataset, String model) {
    String job = Http.job(name).replace("sample:mnist1d", "dataset:" + dataset);
    return model == null
        ? job
        : job.replace(
            "\"teacher\": {\"architecture\": {\"type\": \"logistic\"}}",
            "\"teacher\": {\"model\": \"" + model + "\"}");
  }
}
