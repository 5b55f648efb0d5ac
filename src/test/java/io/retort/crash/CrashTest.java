package io.retort.crash;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.retort.testing.NeedsBackend;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/**
 * Kills workers and PostgreSQL, and stops workers past their lease, at random moments of jobs, in
 * all of their phases in turn; each job must end as the one of the same spec that nobody disturbed.
 * {@code tests/crash.sh} says how often.
 */
@NeedsBackend
class CrashTest {

  private static final int WORKER_KILLS = Integer.getInteger("crash.worker", 1);
  private static final int DATABASE_KILLS = Integer.getInteger("crash.database", 0);
  private static final int STOPS = Integer.getInteger("crash.stop", 0);
  private static final long SEED = Long.getLong("crash.seed", 7);

  /** Longer than a silent worker is believed to be alive, and looked for. */
  private static final long PAST_THE_LEASE = 20_000;

  /** What a resume could lose: dropout's masks, moments, stages, projectors, memory, neighbours. */
  private static final List<String> SPECS =
      List.of(
          """
          {"dataset": {"uri": "sample:mnist1d"},
           "teacher": {"architecture": {"type": "mlp", "hidden": [200, 100], "dropout": 0.2},
                       "training": {"epochs": 40, "seed": 5}},
           "student": {"architecture": {"type": "mlp", "hidden": [60], "dropout": 0.1}},
           "training": {"epochs": 100, "seed": 6}, "export": {"int8": true}}
          """,
          """
          {"dataset": {"uri": "sample:mnist1d"},
           "teacher": {"architecture": {"type": "mlp", "hidden": [200, 100]},
                       "training": {"epochs": 40, "seed": 5}},
           "student": {"architecture": {"type": "mlp", "hidden": [60]}},
           "stages": [{"name": "hint", "epochs": 20,
                       "objective": {"terms": [{"type": "hint", "weight": 1}]}}],
           "training": {"epochs": 80, "seed": 6, "optimizer": {"type": "sgd", "learningRate": 0.01},
                        "schedule": {"type": "cosine", "warmupEpochs": 3},
                        "earlyStopping": {"patience": 60}}}
          """,
          """
          {"dataset": {"uri": "sample:mnist1d"},
           "teacher": {"architecture": {"type": "mlp", "hidden": [200, 100]},
                       "training": {"epochs": 40, "seed": 5}},
           "student": {"architecture": {"type": "mlp", "hidden": [60]}},
           "objective": {"terms": [{"type": "similarity"},
                                   {"type": "crd", "negatives": 64, "width": 16}]},
           "training": {"epochs": 20, "seed": 6,
                        "batching": {"type": "neighbours", "k": 8}}}
          """);

  @TempDir Path directory;

  private enum Blow {
    KILL_WORKER,
    KILL_DATABASE,
    STOP_WORKER
  }

  /** What a job does between two events of its; what it does last ends with the job. */
  private enum Part {
    QUEUED("Attempt 1 started"),
    PREPARING("Read "),
    TEACHING("Trained the teacher"),
    LABELLING("Labelled "),
    TWIN("Trained the twin"),
    STUDENT("Trained the student"),
    ENDING("");

    private final String end;

    Part(String end) {
      this.end = end;
    }
  }

  /** A job that nobody disturbed: what must come out again, and when it did what. */
  private record Undisturbed(
      String spec, JsonNode result, String curves, List<String> names, Map<Part, Instant> ends) {}

  @Test
  void everyJobEndsAsIfNothingHadHappened() throws Exception {
    Random random = new Random(SEED);
    List<Blow> blows = new ArrayList<>();
    blows.addAll(Collections.nCopies(WORKER_KILLS, Blow.KILL_WORKER));
    blows.addAll(Collections.nCopies(DATABASE_KILLS, Blow.KILL_DATABASE));
    blows.addAll(Collections.nCopies(STOPS, Blow.STOP_WORKER));
    Collections.shuffle(blows, random);
    Map<Blow, Map<Part, Integer>> hits = new TreeMap<>();
    try (Fleet fleet = new Fleet(directory)) {
      Api api = fleet.api();
      Process worker = fleet.startWorker("worker");
      List<Undisturbed> expected = new ArrayList<>();
      for (String spec : SPECS.subList(0, Math.min(SPECS.size(), blows.size()))) {
        Undisturbed cold = undisturbed(api, spec);
        forget();
        Undisturbed warm = undisturbed(api, spec); // as fast as those that are struck
        forget();
        assertThat(students(warm.result())).isEqualTo(students(cold.result()));
        expected.add(warm);
      }
      Map<Blow, Integer> struck = new EnumMap<>(Blow.class);
      for (int i = 0; i < blows.size(); i++) {
        Blow blow = blows.get(i);
        Undisturbed like = expected.get(i % expected.size());
        int turn = struck.merge(blow, 1, Integer::sum);
        Part aim = Part.values()[(turn + Part.TEACHING.ordinal()) % Part.values().length];
        String job = api.submit(like.spec());
        awaitMoment(api, job, like, aim, random.nextDouble());
        Instant at = Instant.now();
        worker = strike(fleet, worker, blow);
        check(api, job, like);
        forget();
        Part hit = partAt(api, job, at);
        hits.computeIfAbsent(blow, b -> new EnumMap<>(Part.class)).merge(hit, 1, Integer::sum);
        System.out.printf(
            "%d/%d %s in %s (aimed at %s): same student, attempt %d%n",
            i + 1, blows.size(), blow, hit, aim, api.job(job).at("/attempt").asInt());
      }
      System.out.println("Blows by what the job did: " + hits);
    }
  }

  /** As retention does, so that each job reads and labels its rows anew. */
  private void forget() throws Exception {
    for (String cache : List.of("data/datasets/store", "data/targets/v1")) {
      try (Stream<Path> entries = Files.list(directory.resolve(cache))) {
        for (Path entry : entries.toList()) {
          FileSystemUtils.deleteRecursively(entry);
        }
      }
    }
  }

  private static Undisturbed undisturbed(Api api, String spec) throws Exception {
    String job = api.submit(spec);
    JsonNode result = succeeded(api, job);
    Map<Part, Instant> ends = ends(api.list("/v1/jobs/" + job + "/events"));
    ends.put(Part.ENDING, Instant.parse(api.job(job).at("/finishedAt").asString()));
    assertThat(ends).as(job).containsOnlyKeys(Part.values());
    return new Undisturbed(
        spec,
        result,
        api.text("/v1/jobs/" + job + "/artifacts/metrics.csv"),
        names(api, job),
        ends);
  }

  /** When the first attempt ended each part. */
  private static Map<Part, Instant> ends(List<JsonNode> events) {
    Map<Part, Instant> ends = new EnumMap<>(Part.class);
    for (JsonNode event : events) {
      for (Part part : Part.values()) {
        if (!part.end.isEmpty() && event.at("/message").asString().startsWith(part.end)) {
          ends.putIfAbsent(part, Instant.parse(event.at("/at").asString()));
        }
      }
    }
    return ends;
  }

  /** Somewhere in a part of the job, as far as one can tell from outside. */
  private static void awaitMoment(Api api, String job, Undisturbed like, Part aim, double share)
      throws Exception {
    if (aim == Part.QUEUED) {
      Thread.sleep((long) (share * 100));
      return;
    }
    Part before = Part.values()[aim.ordinal() - 1];
    api.until(job, () -> ends(api.list("/v1/jobs/" + job + "/events")).containsKey(before));
    Duration within = Duration.between(like.ends().get(before), like.ends().get(aim));
    Thread.sleep((long) (share * within.toMillis()));
  }

  /** What the job did at a moment. */
  private static Part partAt(Api api, String job, Instant moment) throws Exception {
    Part at = Part.QUEUED;
    for (Map.Entry<Part, Instant> end : ends(api.list("/v1/jobs/" + job + "/events")).entrySet()) {
      if (!end.getValue().isAfter(moment)) {
        at = Part.values()[end.getKey().ordinal() + 1];
      }
    }
    return at;
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

  private static void check(Api api, String job, Undisturbed like) throws Exception {
    JsonNode result = succeeded(api, job);
    assertThat(students(result)).isEqualTo(students(like.result()));
    assertThat(api.text("/v1/jobs/" + job + "/artifacts/metrics.csv")).isEqualTo(like.curves());
    assertThat(names(api, job)).isEqualTo(like.names());
    checkAttempts(api, job);
  }

  private static JsonNode succeeded(Api api, String job) throws Exception {
    JsonNode ended = api.ended(job);
    assertThat(ended.at("/status").asString()).as(ended.toString()).isEqualTo("succeeded");
    for (JsonNode artifact : api.get("/v1/jobs/" + job + "/artifacts").at("/data")) {
      String name = artifact.at("/name").asString();
      String path = "/v1/jobs/" + job + "/artifacts/" + name;
      assertThat(api.sha256(path)).isEqualTo(artifact.at("/sha256").asString());
      checkContent(name, api.bytes(path));
    }
    return api.get("/v1/jobs/" + job + "/artifacts/result.json");
  }

  private static void checkContent(String name, byte[] content) throws Exception {
    if (name.endsWith(".onnx")) {
      try (OrtSession session = OrtEnvironment.getEnvironment().createSession(content)) {
        assertThat(session.getOutputNames()).isNotEmpty();
      }
    }
    if (name.endsWith(".zip")) {
      int entries = 0;
      try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
        while (zip.getNextEntry() != null) {
          zip.readAllBytes(); // compares with the entry's checksum
          entries++;
        }
      }
      assertThat(entries).isPositive();
    }
  }

  private static List<String> names(Api api, String job) throws Exception {
    return api.get("/v1/jobs/" + job + "/artifacts").at("/data").findValuesAsString("name").stream()
        .sorted()
        .toList();
  }

  private static List<String> students(JsonNode result) {
    return List.of(
        result.at("/trainings/teacher/parametersSha256").asString(),
        result.at("/trainings/twin/parametersSha256").asString(),
        result.at("/trainings/student/parametersSha256").asString());
  }

  /**
   * One after the other: each attempt says that it began, once, and until the next one does the
   * events are those of a job that does each thing once and in order, as no two could together.
   */
  private static void checkAttempts(Api api, String job) throws Exception {
    List<JsonNode> events = api.list("/v1/jobs/" + job + "/events");
    List<Integer> attempts = new ArrayList<>();
    Instant last = Instant.MIN;
    int done = -1;
    Set<String> said = new HashSet<>();
    for (JsonNode event : events) {
      Instant at = Instant.parse(event.at("/at").asString());
      if (Attempt.of(event).isPresent()) {
        attempts.add(Attempt.of(event).get().number());
        assertThat(at).as("%s of %s", event, events).isAfterOrEqualTo(last);
        done = Part.QUEUED.ordinal();
        said.clear();
      } else {
        int part = endedBy(event.at("/message").asString());
        assertThat(part).as("%s of %s", event, events).isGreaterThanOrEqualTo(done);
        assertThat(said.add(event.at("/message").asString()))
            .as("%s of %s", event, events)
            .isTrue();
        done = Math.max(done, part == Integer.MAX_VALUE ? done : part);
      }
      last = at;
    }
    assertThat(attempts)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, api.job(job).at("/attempt").asInt()).boxed().toList());
  }

  /** Greater than all where an event ends none. */
  private static int endedBy(String message) {
    return Arrays.stream(Part.values())
        .filter(part -> !part.end.isEmpty() && message.startsWith(part.end))
        .mapToInt(Enum::ordinal)
        .findFirst()
        .orElse(Integer.MAX_VALUE);
  }
}
