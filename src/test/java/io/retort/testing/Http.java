package io.retort.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plain HTTP client for the service under test. */
@TestComponent
@Lazy
public class Http {

  private static final JsonMapper JSON = new JsonMapper();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Environment environment;
  private final String key;

  @Autowired
  Http(Environment environment) {
    this(environment, "");
  }

  private Http(Environment environment, String key) {
    this.environment = environment;
    this.key = key;
  }

  /** A client that sends a key, or whatever else it is, with every request. */
  public Http as(String key) {
    return new Http(environment, key);
  }

  /** An answer. */
  public record Answer(int status, HttpResponse<byte[]> raw) {

    public String text() {
      return new String(raw.body(), StandardCharsets.UTF_8);
    }

    public JsonNode json() {
      return JSON.readTree(raw.body());
    }

    public String at(String pointer) {
      return json().at(pointer).asString();
    }

    public String header(String name) {
      return raw.headers().firstValue(name).orElse("");
    }
  }

  public Answer get(String path, String... headers) {
    HttpRequest.Builder request = request(path).GET();
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  /** Any method, without a body. */
  public Answer send(String method, String path, String... headers) {
    HttpRequest.Builder request = request(path).method(method, BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  public Answer delete(String path) {
    return send(request(path).DELETE());
  }

  public Answer post(String path) {
    return send(request(path).POST(BodyPublishers.noBody()));
  }

  public Answer post(String path, String json) {
    return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  public Answer post(String path, String type, byte[] body) {
    return send(request(path).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)));
  }

  public Answer post(String path, String json, String... headers) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .headers(headers)
            .POST(BodyPublishers.ofByteArray(body)));
  }

  /** Uploads a part {@code file} and, unless null, a part {@code name}. */
  public Answer upload(String path, String fileName, byte[] content, String name) {
    String boundary = "retort-boundary";
    StringBuilder head = new StringBuilder();
    if (name != null) {
      head.append("--").append(boundary).append("\r\n");
      head.append("Content-Disposition: form-data; name=\"name\"\r\n\r\n").append(name);
      head.append("\r\n");
    }
    head.append("--").append(boundary).append("\r\n");
    head.append("Content-Disposition: form-data; name=\"file\"; filename=\"");
    head.append(fileName).append("\"\r\nContent-Type: application/octet-stream\r\n\r\n");
    byte[] first = head.toString().getBytes(StandardCharsets.UTF_8);
    byte[] last = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
    byte[] body = new byte[first.length + content.length + last.length];
    System.arraycopy(first, 0, body, 0, first.length);
    System.arraycopy(content, 0, body, first.length, content.length);
    System.arraycopy(last, 0, body, first.length + content.length, last.length);
    return post(path, "multipart/form-data; boundary=" + boundary, body);
  }

  /** Submits a small job and answers its id. */
  public String submit(String name) {
    Answer answer = post("/v1/jobs", job(name));
    if (answer.status() != 202) {
      throw new AssertionError(answer.status() + ": " + answer.text());
    }
    return answer.at("/id");
  }

  /** The job once it has ended. */
  public Answer ended(String id) {
    return get("/v1/jobs/" + id + "?wait=20s");
  }

  public static String job(String name) {
    return """
    {"name": "%s", "labels": {"team": "search"}, "dataset": {"uri": "sample:mnist1d"},
     "teacher": {"architecture": {"type": "logistic"}},
     "student": {"architecture": {"type": "logistic"}}}
    """
        .formatted(name);
  }

  /** Where the service listens. */
  public String host() {
    return "127.0.0.1:" + environment.getRequiredProperty("local.server.port");
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + host() + path))
            .timeout(Duration.ofSeconds(90));
    return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> raw =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(raw.statusCode(), raw);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
