package io.retort.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.NeedsBackend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Kills workers and PostgreSQL, and stops workers past their lease, at random moments of a job;
 * each job must end as the one that nobody disturbed. {@code tests/crash.sh} says how often.
 */
@NeedsBackend
class CrashTest {

  private static final int WORKER_KILLS = Integer.getInteger("crash.worker", 1);
  private static final int DATABASE_KILLS = Integer.getInteger("crash.database", 0);
  private static final int STOPS = Integer.getInteger("crash.stop", 0);
  private static final long SEED = Long.getLong("crash.seed", 7);

  /** Longer than a silent worker is believed to be alive, and looked for. */
  private static final long PAST_THE_LEASE = 20_000;

  private static final String SPEC =
      """
      {"dataset": {"uri": "sample:mnist1d"},
       "teacher": {"architecture": {"type": "mlp", "hidden": [200, 100], "dropout": 0.2},
                   "training": {"epochs": 60, "seed": 5}},
       "student": {"architecture": {"type": "mlp", "hidden": [40], "dropout": 0.1}},
       "training": {"epochs": 100, "seed": 6}}
      """;

  @TempDir Path directory;

  private enum Blow {
    KILL_WORKER,
    KILL_DATABASE,
    STOP_WORKER
  }

  @Test
  void everyJobEndsAsIfNothingHadHappened() throws Exception {
    Random random = new Random(SEED);
    List<Blow> blows = new ArrayList<>();
    blows.addAll(Collections.nCopies(WORKER_KILLS, Blow.KILL_WORKER));
    blows.addAll(Collections.nCopies(DATABASE_KILLS, Blow.KILL_DATABASE));
    blows.addAll(Collections.nCopies(STOPS, Blow.STOP_WORKER));
    Collections.shuffle(blows, random);
    try (Fleet fleet = new Fleet(directory)) {
      Api api = fleet.api();
      Process worker = fleet.startWorker("worker");
      String undisturbed = api.submit(SPEC);
      JsonNode expected = succeeded(api, undisturbed);
      String curves = api.text("/v1/jobs/" + undisturbed + "/artifacts/metrics.csv");
      for (int i = 0; i < blows.size(); i++) {
        String job = api.submit(SPEC);
        api.untilProgress(job, random.nextDouble());
        Thread.sleep(random.nextLong(200));
        String phase = api.job(job).at("/phase").asString();
        worker = strike(fleet, worker, blows.get(i));
        JsonNode result = succeeded(api, job);
        assertThat(students(result))
            .as("%s in %s", blows.get(i), phase)
            .isEqualTo(students(expected));
        assertThat(api.text("/v1/jobs/" + job + "/artifacts/metrics.csv")).isEqualTo(curves);
        checkAttempts(api, job);
        System.out.printf(
            "%d/%d %s in %s: same student, attempt %d%n",
            i + 1, blows.size(), blows.get(i), phase, api.job(job).at("/attempt").asInt());
      }
    }
  }

  /** Answers the worker that there is afterwards. */
  private static Process strike(Fleet fleet, Process worker, Blow blow) throws Exception {
    return switch (blow) {
      case KILL_WORKER -> {
        Fleet.kill(worker);
        yield fleet.startWorker("worker");
      }
      case KILL_DATABASE -> {
        fleet.killDatabase();
        yield worker;
      }
      case STOP_WORKER -> {
        Fleet.stop(worker);
        Process another = fleet.startWorker("worker");
        Thread.sleep(PAST_THE_LEASE);
        Fleet.goOn(worker);
        Thread.sleep(3_000); // in which it would do its harm
        worker.destroyForcibly();
        yield another;
      }
    };
  }

  private static JsonNode succeeded(Api api, String job) throws Exception {
    JsonNode ended = api.ended(job);
    assertThat(ended.at("/status").asString()).as(ended.toString()).isEqualTo("succeeded");
    JsonNode artifacts = api.get("/v1/jobs/" + job + "/artifacts").at("/data");
    assertThat(artifacts.findValuesAsString("name"))
        .containsExactlyInAnyOrder(
            "student.zip",
            "student.onnx",
            "teacher.zip",
            "README.md",
            "result.json",
            "metrics.csv");
    for (JsonNode artifact : artifacts) {
      String path = "/v1/jobs/" + job + "/artifacts/" + artifact.at("/name").asString();
      assertThat(api.sha256(path)).isEqualTo(artifact.at("/sha256").asString());
    }
    return api.get("/v1/jobs/" + job + "/artifacts/result.json");
  }

  private static List<String> students(JsonNode result) {
    return List.of(
        result.at("/trainings/teacher/parametersSha256").asString(),
        result.at("/trainings/twin/parametersSha256").asString(),
        result.at("/trainings/student/parametersSha256").asString());
  }

  /** One after the other: each attempt says that it began, once. */
  private static void checkAttempts(Api api, String job) throws Exception {
    int attempts = api.job(job).at("/attempt").asInt();
    assertThat(api.attempts(job))
        .extracting(Attempt::number)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, attempts).boxed().toList());
  }
}
