package io.retort.crash;

import io.retort.testing.RetortProcess;
import io.retort.testing.S3Service;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL, an API and workers, each a process of its own, on one data directory or, with a
 * bucket, on one each.
 */
final class Fleet implements AutoCloseable {

  private final Path directory;
  private final @Nullable S3Service s3;
  private final List<String> options;
  private final List<String> settings;
  private final int databasePort = RetortProcess.freePort();
  private final Api api = new Api(HttpClient.newHttpClient(), RetortProcess.freePort(), "");
  private final List<Process> processes = new ArrayList<>();
  private EmbeddedPostgres database;

  /**
   * @param settings of every process
   */
  Fleet(Path directory, String... settings) throws IOException {
    this(directory, null, settings);
  }

  /**
   * @param s3 whose bucket is all that the processes share; null means that they share a directory
   */
  Fleet(Path directory, @Nullable S3Service s3, String... settings) throws IOException {
    this(directory, s3, RetortProcess.FAST_START, List.of(settings));
  }

  /**
   * @param options of every process's JVM; by default it starts fast and computes slowly
   */
  Fleet(Path directory, @Nullable S3Service s3, List<String> options, List<String> settings)
      throws IOException {
    this.options = options;
    this.directory = directory;
    this.s3 = s3;
    this.settings = new ArrayList<>(settings);
    if (s3 != null) {
      this.settings.addAll(s3.settings());
    }
    database = startDatabase();
    Process unused = start("api", "retort.worker.enabled=false", api.port());
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
    List<String> all =
        new ArrayList<>(
            List.of(
                mode,
                "retort.worker.checkpoint-every=500ms",
                "spring.datasource.url=jdbc:postgresql://localhost:" + databasePort + "/postgres",
                "spring.datasource.username=postgres",
                "spring.datasource.password=postgres"));
    all.addAll(settings);
    Process process = RetortProcess.start(directory, data(name), name, port, options, all);
    processes.add(process);
    return process;
  }

  /** The API's. */
  Path data() {
    return data("api");
  }

  private Path data(String name) {
    return directory.resolve(s3 == null ? "data" : "data-" + name);
  }

  /** While nothing is labelled. */
  void forgetSoftTargets() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      for (Path data : all.filter(p -> p.getFileName().toString().startsWith("data")).toList()) {
        FileSystemUtils.deleteRecursively(data.resolve("targets"));
      }
    }
    if (s3 != null) {
      FileSystemUtils.deleteRecursively(s3.objects().resolve("soft-targets"));
    }
  }

  Api api() {
    return api;
  }

  /**
   * @param name of its log
   */
  Process startWorker(String name) throws IOException {
    return start(name, "retort.api.enabled=false", 0);
  }

  static void kill(Process worker) throws InterruptedException {
    worker.destroyForcibly();
    worker.waitFor();
  }

  /** Stopped by the operating system, as a machine that hangs. */
  static void stop(Process worker) throws Exception {
    signal("STOP", worker.pid());
  }

  static void goOn(Process stopped) throws Exception {
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
