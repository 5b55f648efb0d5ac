package io.retort.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.NeedsBackend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
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
      fleet.startWorker();
      String undisturbed = fleet.api().submit(SPEC);
      JsonNode expected = succeeded(fleet, undisturbed);
      String curves = fleet.api().text("/v1/jobs/" + undisturbed + "/artifacts/metrics.csv");
      for (int i = 0; i < blows.size(); i++) {
        String job = fleet.api().submit(SPEC);
        fleet.api().untilProgress(job, random.nextDouble());
        Thread.sleep(random.nextLong(200));
        String phase = fleet.api().job(job).at("/phase").asString();
        strike(fleet, blows.get(i));
        JsonNode result = succeeded(fleet, job);
        assertThat(students(result))
            .as("%s in %s", blows.get(i), phase)
            .isEqualTo(students(expected));
        assertThat(fleet.api().text("/v1/jobs/" + job + "/artifacts/metrics.csv"))
            .isEqualTo(curves);
        checkAttempts(fleet, job);
        System.out.printf(
            "%d/%d %s in %s: same student, attempt %d%n",
            i + 1, blows.size(), blows.get(i), phase, fleet.api().job(job).at("/attempt").asInt());
      }
    }
  }

  private static void strike(Fleet fleet, Blow blow) throws Exception {
    switch (blow) {
      case KILL_WORKER -> {
        fleet.killWorker();
        fleet.startWorker();
      }
      case KILL_DATABASE -> fleet.killDatabase();
      case STOP_WORKER -> {
        Process stopped = fleet.stopWorker();
        fleet.startWorker();
        Thread.sleep(PAST_THE_LEASE);
        fleet.goOn(stopped);
        Thread.sleep(3_000); // in which it would do its harm
        stopped.destroyForcibly();
      }
    }
  }

  private static JsonNode succeeded(Fleet fleet, String job) throws Exception {
    JsonNode ended = fleet.api().ended(job);
    assertThat(ended.at("/status").asString()).as(ended.toString()).isEqualTo("succeeded");
    JsonNode artifacts = fleet.api().get("/v1/jobs/" + job + "/artifacts").at("/data");
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
      assertThat(fleet.api().sha256(path)).isEqualTo(artifact.at("/sha256").asString());
    }
    return fleet.api().get("/v1/jobs/" + job + "/artifacts/result.json");
  }

  private static List<String> students(JsonNode result) {
    return List.of(
        result.at("/trainings/teacher/parametersSha256").asString(),
        result.at("/trainings/twin/parametersSha256").asString(),
        result.at("/trainings/student/parametersSha256").asString());
  }

  /** One after the other: each attempt says that it began, once. */
  private static void checkAttempts(Fleet fleet, String job) throws Exception {
    List<String> begun = new ArrayList<>();
    for (JsonNode event : fleet.api().get("/v1/jobs/" + job + "/events?limit=100").at("/data")) {
      String message = event.at("/message").asString();
      if (message.startsWith("Attempt ") && message.contains(" started on worker ")) {
        begun.add(message.substring("Attempt ".length(), message.indexOf(" started")));
      }
    }
    List<String> counted = new ArrayList<>();
    for (int attempt = 1; attempt <= fleet.api().job(job).at("/attempt").asInt(); attempt++) {
      counted.add(String.valueOf(attempt));
    }
    assertThat(begun).isEqualTo(counted);
  }
}
