package io.retort.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.NeedsBackend;
import io.retort.testing.RetortProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real process of the whole service, asked by the operating system to stop. */
@NeedsBackend
class StopTest {

  private static final int SECONDS = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String LONG =
      """
      {"dataset": {"uri": "sample:mnist1d"}, "teacher": {"architecture": {"type": "logistic"},
                                                         "training": {"epochs": 1}},
       "student": {"architecture": {"type": "mlp", "hidden": [100]}},
       "training": {"epochs": 10000, "earlyStopping": {"patience": 10000}},
       "evaluation": {"twin": false}}
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  @TempDir Path directory;
  private int port;
  private Process service;

  @Test
  void handsItsJobsBackWithTheirStateWithinTwentySeconds() throws Exception {
    port = RetortProcess.freePort();
    try {
      start();
      String id = post("/v1/jobs", LONG).at("/id").asString();
      await("/v1/jobs/" + id, job -> job.at("/progress").asDouble() > 0.001);
      service.destroy(); // SIGTERM
      assertThat(service.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
      try (Stream<Path> kept = Files.list(directory.resolve("data/checkpoints").resolve(id))) {
        assertThat(kept).isNotEmpty();
      }
      start();
      await(
          "/v1/jobs/" + id + "/events?limit=100",
          events -> events.toString().contains("goes on from its checkpoint"));
      assertThat(get("/v1/jobs/" + id).at("/attempt").asInt()).isEqualTo(2);
      post("/v1/jobs/" + id + "/cancel", "");
      service.destroy();
      assertThat(service.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      service.destroyForcibly().waitFor();
    }
  }

  private void start() throws Exception {
    service = RetortProcess.start(directory, directory.resolve("data"), "service", port, List.of());
    await("/actuator/health/readiness", health -> health.at("/status").asString().equals("UP"));
  }

  private void await(String path, Predicate<JsonNode> condition) throws Exception {
    Instant latest = Instant.now().plus(PATIENCE);
    while (!condition.test(get(path))) {
      assertThat(Instant.now()).as(path).isBefore(latest);
      Thread.sleep(100);
    }
  }

  private JsonNode get(String path) throws Exception {
    try {
      return send(HttpRequest.newBuilder(uri(path)).GET());
    } catch (java.net.ConnectException notYet) {
      return new JsonMapper().createObjectNode();
    }
  }

  private JsonNode post(String path, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private JsonNode send(HttpRequest.Builder request) throws Exception {
    return new JsonMapper().readTree(http.send(request.build(), BodyHandlers.ofString()).body());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }
}
