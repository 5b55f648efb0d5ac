package io.retort.crash;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A caller of an API that may be starting, or without its database, and is waited for.
 *
 * @param key sent with every request, unless it is empty
 */
record Api(HttpClient client, int port, String key) {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int PATIENCE_SECONDS = 180;

  Api as(String key) {
    return new Api(client, port, key);
  }

  String submit(String spec) throws Exception {
    return post("/v1/jobs", spec).at("/id").asString();
  }

  JsonNode job(String id) throws Exception {
    return get("/v1/jobs/" + id);
  }

  JsonNode ended(String id) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    JsonNode job = get("/v1/jobs/" + id + "?wait=20s");
    while (System.nanoTime() < end && job.at("/finishedAt").isNull()) {
      job = get("/v1/jobs/" + id + "?wait=20s");
    }
    return job;
  }

  JsonNode post(String path, String body) throws Exception {
    return JSON.readTree(
        send(
            request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))));
  }

  JsonNode get(String path) throws Exception {
    return JSON.readTree(send(request(path).GET()));
  }

  /** All pages of a list. */
  List<JsonNode> list(String path) throws Exception {
    List<JsonNode> all = new ArrayList<>();
    String first = path + (path.contains("?") ? "&" : "?") + "limit=100";
    JsonNode page = get(first);
    page.at("/data").forEach(all::add);
    while (page.at("/hasMore").asBoolean()) {
      page = get(first + "&after=" + page.at("/nextCursor").asString());
      page.at("/data").forEach(all::add);
    }
    return all;
  }

  /** All points of a job's curves. */
  JsonNode metrics(String job) throws Exception {
    return get("/v1/jobs/" + job + "/metrics?maxPoints=100000").at("/data");
  }

  /** Attempts of a job in the order in which they began, each with the worker that it ran on. */
  List<Attempt> attempts(String job) throws Exception {
    List<Attempt> attempts = new ArrayList<>();
    for (JsonNode event : list("/v1/jobs/" + job + "/events")) {
      Attempt.of(event).ifPresent(attempts::add);
    }
    return attempts;
  }

  String text(String path) throws Exception {
    return new String(send(request(path).GET()), StandardCharsets.UTF_8);
  }

  byte[] bytes(String path) throws Exception {
    return send(request(path).GET());
  }

  String sha256(String path) throws Exception {
    byte[] content = send(request(path).GET());
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(90));
    return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
  }

  private byte[] send(HttpRequest.Builder request) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      String trouble;
      try {
        HttpResponse<byte[]> answer =
            client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() < 300) {
          return answer.body();
        }
        trouble = answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8);
        if (answer.statusCode() < 500) {
          throw new AssertionError(trouble);
        }
      } catch (IOException e) {
        trouble = e.toString();
      }
      if (System.nanoTime() > end) {
        throw new AssertionError(trouble);
      }
      Thread.sleep(200);
    }
  }
}
