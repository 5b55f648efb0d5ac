package io.retort.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.NeedsBackend;
import io.retort.testing.RetortProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a process writes where its logs are to be JSON. */
@NeedsBackend
class JsonLogTest {

  private static final int PATIENCE_SECONDS = 180;
  private static final String WRONG_KEY = "rt_planted0000000000000000000000000000000000";
  private static final String JOB =
      """
      {"dataset": {"uri": "sample:mnist1d"},
       "teacher": {"architecture": {"type": "logistic"}, "training": {"epochs": 1}},
       "student": {"architecture": {"type": "logistic"}}, "training": {"epochs": 1}}
      """;
  private static final String JOB_WITH_SECRETS =
      JOB.replace("sample:mnist1d", "https://me:planted@127.0.0.1/rows.csv?token=planted");

  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = new JsonMapper();
  @TempDir Path directory;
  private int port;

  @Test
  void everyLineIsAnObjectThoseOfAJobCarryItsIdAndNoneASecret() throws Exception {
    port = RetortProcess.freePort();
    Process service =
        RetortProcess.start(
            directory,
            directory.resolve("data"),
            "service",
            port,
            List.of("logging.structured.format.console=ecs", "retort.access.keys-required=true"));
    try {
      awaitReady();
      String key = Files.readString(directory.resolve("data/admin-key")).strip();
      String id = json.readTree(post(JOB, key).body()).at("/id").asString();
      assertThat(post(JOB, WRONG_KEY).statusCode()).isEqualTo(401);
      HttpResponse<String> refused = post(JOB_WITH_SECRETS, key);
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body()).doesNotContain("planted");
      assertThat(get("/v1/jobs/" + id + "?wait=60s", key).at("/status").asString())
          .isEqualTo("succeeded");
      List<String> lines = Files.readAllLines(directory.resolve("service.log"));
      assertThat(lines).allSatisfy(line -> assertThat(json.readTree(line).isObject()).isTrue());
      assertThat(lines)
          .anyMatch(line -> json.readTree(line).path("job").asString("").equals(id))
          .noneMatch(line -> line.contains("planted") || line.contains(key));
    } finally {
      service.destroyForcibly().waitFor();
    }
  }

  private void awaitReady() throws Exception {
    Instant latest = Instant.now().plusSeconds(PATIENCE_SECONDS);
    while (!isReady()) {
      assertThat(Instant.now()).isBefore(latest);
      Thread.sleep(100);
    }
  }

  private boolean isReady() throws Exception {
    try {
      HttpRequest request = HttpRequest.newBuilder(uri("/actuator/health/readiness")).build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpResponse<String> post(String job, String key) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri("/v1/jobs"))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(job))
            .build(),
        BodyHandlers.ofString());
  }

  private JsonNode get(String path, String key) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + key).build();
    return json.readTree(http.send(request, BodyHandlers.ofString()).body());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }
}
