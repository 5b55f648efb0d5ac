package io.retort.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.NeedsBackend;
import io.retort.testing.S3Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Many workers, many jobs of three tenants, and workers killed and started again at random moments:
 * every job ends well, runs once but for the attempts that were killed, and the tenants get equal
 * shares. {@code tests/fleet.sh} runs it.
 */
@NeedsBackend
@EnabledIfSystemProperty(named = "fleet.jobs", matches = "\\d+")
class FleetTest {

  private static final int WORKERS = Integer.getInteger("fleet.workers", 4);
  private static final int JOBS = Integer.getInteger("fleet.jobs", 200);
  private static final int KILLS = Integer.getInteger("fleet.kills", 2);
  private static final long SEED = Long.getLong("fleet.seed", 7);

  /** Every process has a data directory of its own, and an S3 service is killed in the middle. */
  private static final boolean S3 = Boolean.getBoolean("fleet.s3");

  /** Unequal, so that equal shares do not come by themselves: who asks for more, asks first. */
  private static final Map<String, Double> TENANTS =
      new TreeMap<>(Map.of("amber", 0.5, "birch", 0.3, "cedar", 0.2));

  private static final double TOLERANCE = 0.2;

  /**
   * Of fewer jobs, shares say little: a killed worker counts as its tenant's for up to 15 s, in
   * which a dozen such jobs end on the others.
   */
  private static final int ENOUGH = 100;

  @TempDir Path directory;

  private final Random random = new Random(SEED);
  private final Map<String, Api> callers = new TreeMap<>();
  private final List<Process> workers = new ArrayList<>();
  private final Set<Long> killed = new HashSet<>();

  @Test
  void everyJobRunsOnceAndTenantsShareTheWorkers() throws Exception {
    S3Service s3 = S3 ? new S3Service(directory.resolve("s3")) : null;
    try (s3;
        Fleet fleet = new Fleet(directory, s3, "retort.access.keys-required=true")) {
      makeKeys(fleet);
      submitAll();
      for (int i = 0; i < WORKERS; i++) {
        workers.add(fleet.startWorker("worker-" + i));
      }
      for (int i = 0; i < KILLS; i++) {
        untilEnded((int) (JOBS * (i + random.nextDouble(0.2, 0.8)) / (2.0 * KILLS)));
        killAndStartAnother(fleet);
        if (s3 != null && i == KILLS / 2) {
          s3.kill();
          Thread.sleep(random.nextLong(10_000));
          s3.start();
        }
      }
      untilEnded(JOBS);
      Shares shares = check();
      System.out.println(shares);
      if (shares.ended() < ENOUGH) {
        System.out.println("  too few to judge the shares by");
      } else {
        assertThat(shares.largestDeviation()).as(shares.toString()).isLessThanOrEqualTo(TOLERANCE);
      }
    }
  }

  private void makeKeys(Fleet fleet) throws Exception {
    fleet.api().get("/actuator/health");
    Api admin = fleet.api().as(Files.readString(fleet.data().resolve("admin-key")).strip());
    for (String tenant : TENANTS.keySet()) {
      JsonNode key =
          admin.post(
              "/v1/keys",
              """
              {"name": "fleet", "tenant": "%s", "scopes": ["jobs:read", "jobs:write"]}
              """
                  .formatted(tenant));
      callers.put(tenant, admin.as(key.at("/key").asString()));
    }
  }

  private void submitAll() throws Exception {
    int seed = 1;
    for (String tenant : TENANTS.keySet()) {
      for (long i = Math.round(JOBS * TENANTS.get(tenant)); i > 0; i--) {
        callers.get(tenant).submit(spec(seed++));
      }
    }
  }

  /** No two of the same seed, so that nobody finds another's soft targets. */
  private static String spec(int seed) {
    return """
        {"dataset": {"uri": "sample:mnist1d"},
         "teacher": {"architecture": {"type": "mlp", "hidden": [100, 50]},
                     "training": {"epochs": 10, "seed": %d}},
         "student": {"architecture": {"type": "mlp", "hidden": [20]}},
         "training": {"epochs": 10, "seed": %d}}
        """
        .formatted(seed, seed);
  }

  private void untilEnded(int jobs) throws Exception {
    int ended = 0;
    while (ended < jobs) {
      Thread.sleep(1_000);
      ended = 0;
      for (Api caller : callers.values()) {
        ended += caller.list("/v1/jobs?status=succeeded&status=failed").size();
      }
    }
  }

  private void killAndStartAnother(Fleet fleet) throws Exception {
    int unlucky = random.nextInt(workers.size());
    Process worker = workers.get(unlucky);
    Fleet.kill(worker);
    killed.add(worker.pid());
    Thread.sleep(random.nextLong(10_000));
    workers.set(unlucky, fleet.startWorker("worker-" + unlucky));
  }

  private Shares check() throws Exception {
    Shares shares = new Shares();
    for (String tenant : callers.keySet()) {
      Api caller = callers.get(tenant);
      List<JsonNode> jobs = caller.list("/v1/jobs");
      assertThat(jobs).hasSize((int) Math.round(JOBS * TENANTS.get(tenant)));
      for (JsonNode job : jobs) {
        assertThat(job.at("/status").asString()).as(job.toString()).isEqualTo("succeeded");
        List<Attempt> attempts = caller.attempts(job.at("/id").asString());
        List<Instant> givenBack = givenBack(caller, job);
        checkOnce(job, attempts, givenBack.size());
        checkArtifacts(caller, job.at("/id").asString());
        shares.add(tenant, job, attempts, givenBack);
      }
    }
    return shares;
  }

  private static void checkArtifacts(Api caller, String job) throws Exception {
    for (JsonNode artifact : caller.get("/v1/jobs/" + job + "/artifacts").at("/data")) {
      String path = "/v1/jobs/" + job + "/artifacts/" + artifact.at("/name").asString();
      assertThat(caller.sha256(path)).isEqualTo(artifact.at("/sha256").asString());
    }
  }

  private static List<Instant> givenBack(Api caller, JsonNode job) throws Exception {
    return caller.list("/v1/jobs/" + job.at("/id").asString() + "/events").stream()
        .filter(event -> event.at("/message").asString().endsWith("went back into the queue."))
        .map(event -> Instant.parse(event.at("/at").asString()))
        .toList();
  }

  /** Every attempt but the last was on a worker that was killed, or gave the job back. */
  private void checkOnce(JsonNode job, List<Attempt> attempts, int givenBack) {
    assertThat(attempts)
        .extracting(Attempt::number)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, job.at("/attempt").asInt()).boxed().toList());
    assertThat(
            attempts.subList(0, attempts.size() - 1).stream()
                .filter(attempt -> killed.stream().noneMatch(attempt::ranOn)))
        .as("%s, killed were %s", attempts, killed)
        .hasSize(givenBack);
  }
}
