package io.retort.crash;

import io.retort.RetortApplication;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A PostgreSQL, an API and a worker, each a process of its own, on one data directory. */
final class Fleet implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int PATIENCE_SECONDS = 180;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path directory;
  private final int databasePort = freePort();
  private final int port = freePort();
  private final List<Process> processes = new ArrayList<>();
  private EmbeddedPostgres database;
  private Process worker;

  Fleet(Path directory) throws IOException {
    this.directory = directory;
    database = startDatabase();
    Process unused = start("api", "retort.worker.enabled=false", port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private EmbeddedPostgres startDatabase() throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(directory.resolve("postgres"))
        .setCleanDataDirectory(false)
        .setPort(databasePort)
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .start();
  }

  private Process start(String name, String mode, int port) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx600m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RetortApplication.class.getName(),
                "--" + mode,
                "--server.port=" + port,
                "--retort.data-dir=" + directory.resolve("data"),
                "--retort.worker.threads=1",
                "--retort.worker.checkpoint-every=500ms",
                "--spring.datasource.url=jdbc:postgresql://localhost:" + databasePort + "/postgres",
                "--spring.datasource.username=postgres",
                "--spring.datasource.password=postgres")
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(directory.resolve(name + ".log").toFile()))
            .start();
    processes.add(process);
    return process;
  }

  void startWorker() throws IOException {
    worker = start("worker", "retort.api.enabled=false", 0);
  }

  void killWorker() throws InterruptedException {
    worker.destroyForcibly();
    worker.waitFor();
  }

  /** Stopped by the operating system, as a machine that hangs; the answer is the process. */
  Process stopWorker() throws Exception {
    signal("STOP", worker.pid());
    return worker;
  }

  void goOn(Process stopped) throws Exception {
    signal("CONT", stopped.pid());
  }

  void killDatabase() throws Exception {
    Path pidFile = directory.resolve("postgres/postmaster.pid");
    signal("KILL", Long.parseLong(Files.readAllLines(pidFile).get(0).strip()));
    Thread.sleep(1_000);
    database.close();
    database = startDatabase();
  }

  private static void signal(String name, long pid) throws Exception {
    int code =
        new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IllegalStateException("kill -" + name + " " + pid + " ended with " + code);
    }
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
    return new String(send(request(path).GET()), java.nio.charset.StandardCharsets.UTF_8);
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
            client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() < 300) {
          return answer.body();
        }
        trouble = answer.statusCode() + " " + new String(answer.body());
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

  @Override
  public void close() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly();
    }
    for (Process process : processes) {
      process.waitFor();
    }
    database.close();
  }
}
