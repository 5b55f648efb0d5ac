package io.retort.crash;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.retort.spec.RetortException;
import io.retort.testing.NeedsBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/**
 * Kills workers and PostgreSQL, and stops workers past their lease, at random moments of jobs, in
 * all of their parts in turn; each job must end as the one of the same spec that nobody disturbed.
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

  /** No part takes as long. */
  private static final long PATIENCE_SECONDS = 180;

  /** Kept where a job differed: the logs say why. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  private enum Blow {
    KILL_WORKER,
    KILL_DATABASE,
    STOP_WORKER
  }

  /** A job that nobody disturbed: what must come out again, and how long it was at what. */
  private record Undisturbed(
      String spec, Ended ended, List<String> steps, Map<Part, Duration> lengths) {}

  private Fleet fleet;
  private Process worker;
  private WorkerLog log;
  private int workers;
  private final List<String> different = new ArrayList<>();

  @Test
  void everyJobEndsAsIfNothingHadHappened() throws Exception {
    Random random = new Random(SEED);
    List<Blow> blows = new ArrayList<>();
    blows.addAll(Collections.nCopies(WORKER_KILLS, Blow.KILL_WORKER));
    blows.addAll(Collections.nCopies(DATABASE_KILLS, Blow.KILL_DATABASE));
    blows.addAll(Collections.nCopies(STOPS, Blow.STOP_WORKER));
    Collections.shuffle(blows, random);
    Hits<Blow> hits = new Hits<>(Blow.class);
    try (Fleet started = new Fleet(directory, "logging.level.io.retort.worker=debug")) {
      fleet = started;
      startWorker();
      List<Undisturbed> expected = undisturbed(blows.size());
      Map<Blow, Integer> turns = new EnumMap<>(Blow.class);
      for (int i = 0; i < blows.size(); i++) {
        Blow blow = blows.get(i);
        Aim aim = Aim.of(turns.merge(blow, 1, Integer::sum), expected.size());
        Undisturbed like = expected.get(aim.spec());
        String job = fleet.api().submit(like.spec());
        awaitMoment(job, like, aim.part(), random.nextDouble());
        WorkerLog struck = log;
        Instant at = Instant.now();
        strike(blow);
        Part hit = struck.at(job, at);
        hits.add(blow, hit);
        String outcome = outcome(job, like);
        System.out.printf(
            "%d/%d %s, spec %d, %s (aimed at %s): %s%n",
            i + 1, blows.size(), blow, aim.spec(), hit, aim.part(), outcome);
        forget();
      }
      System.out.println(hits);
      assertThat(different).as("jobs that ended otherwise; see %s", directory).isEmpty();
    }
  }

  private void startWorker() throws Exception {
    String name = "worker-" + workers++;
    worker = fleet.startWorker(name);
    log = new WorkerLog(directory.resolve(name + ".log"));
  }

  /** A warm worker is faster than the one that has just begun, so all but a single blow wait. */
  private List<Undisturbed> undisturbed(int blows) throws Exception {
    List<Undisturbed> all = new ArrayList<>();
    List<String> specs = CrashJobs.on(fleet.data().resolve("files/rows.csv"));
    for (String spec : specs.subList(0, Math.min(specs.size(), blows))) {
      Undisturbed cold = undisturbed(spec);
      Undisturbed warm = blows == 1 ? cold : undisturbed(spec);
      assertThat(warm.ended()).isEqualTo(cold.ended());
      System.out.println("Undisturbed: " + warm.lengths());
      all.add(warm);
    }
    return all;
  }

  private Undisturbed undisturbed(String spec) throws Exception {
    Api api = fleet.api();
    String job = api.submit(spec);
    Ended ended = Ended.of(api, job);
    Instant submitted = Instant.parse(api.job(job).at("/createdAt").asString());
    Undisturbed made =
        new Undisturbed(spec, ended, Course.steps(api, job), log.lengths(job, submitted));
    forget();
    return made;
  }

  /** One that differs does not keep the others from being tried. */
  private String outcome(String job, Undisturbed like) throws Exception {
    try {
      assertThat(Ended.of(fleet.api(), job)).isEqualTo(like.ended());
      Course.check(fleet.api(), job, like.steps());
      return "the same, attempt " + fleet.api().job(job).at("/attempt").asInt();
    } catch (AssertionError | RetortException | OrtException difference) {
      different.add(job);
      return "job " + job + ": " + difference;
    }
  }

  /** As retention does, so that each job reads and labels its rows anew. */
  private void forget() throws Exception {
    for (String cache : List.of("datasets/store", "targets/v1")) {
      try (Stream<Path> entries = Files.list(fleet.data().resolve(cache))) {
        for (Path entry : entries.toList()) {
          FileSystemUtils.deleteRecursively(entry);
        }
      }
    }
  }

  /** Somewhere in a part of the job. */
  private void awaitMoment(String job, Undisturbed like, Part part, double share) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (part != Part.QUEUED && !log.reached(job, part) && System.nanoTime() < end) {
      Thread.sleep(2);
    }
    long nanos = like.lengths().getOrDefault(part, Duration.ZERO).toNanos();
    TimeUnit.NANOSECONDS.sleep((long) (share * nanos));
  }

  private void strike(Blow blow) throws Exception {
    switch (blow) {
      case KILL_WORKER -> {
        Fleet.kill(worker);
        startWorker();
      }
      case KILL_DATABASE -> fleet.killDatabase();
      case STOP_WORKER -> {
        Process stopped = worker;
        Fleet.stop(stopped);
        startWorker();
        Thread.sleep(PAST_THE_LEASE);
        Fleet.goOn(stopped);
        Thread.sleep(3_000); // in which it would do its harm
        Fleet.kill(stopped);
      }
    }
  }
}
