package io.retort.crash;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Talks to an API that may be away for a while. */
final class Client {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int PATIENCE_SECONDS = 180;

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;

  Client(int port) {
    this.port = port;
  }

  String submit(String spec) throws Exception {
    HttpRequest.Builder post =
        request("/v1/jobs")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(spec));
    return JSON.readTree(send(post)).at("/id").asString();
  }

  JsonNode job(String id) throws Exception {
    return get("/v1/jobs/" + id);
  }

  /** Waits until a share of the job is done, or it has ended. */
  void untilProgress(String id, double share) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    JsonNode job = job(id);
    while (System.nanoTime() < end
        && job.at("/finishedAt").isNull()
        && (job.at("/phase").isNull() || job.at("/progress").asDouble() < share)) {
      Thread.sleep(30);
      job = job(id);
    }
  }

  JsonNode ended(String id) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    JsonNode job = get("/v1/jobs/" + id + "?wait=20s");
    while (System.nanoTime() < end && job.at("/finishedAt").isNull()) {
      job = get("/v1/jobs/" + id + "?wait=20s");
    }
    return job;
  }

  JsonNode get(String path) throws Exception {
    return JSON.readTree(send(request(path).GET()));
  }

  String text(String path) throws Exception {
    return new String(send(request(path).GET()), StandardCharsets.UTF_8);
  }

  String sha256(String path) throws Exception {
    byte[] content = send(request(path).GET());
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(90));
  }

  /** The API is waited for while it or its database starts. */
  private byte[] send(HttpRequest.Builder request) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      String trouble;
      try {
        HttpResponse<byte[]> answer =
            http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
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
