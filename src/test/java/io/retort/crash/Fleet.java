package io.retort.crash;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL, an API and a worker, each a process of its own, on one data directory. */
final class Fleet implements AutoCloseable {

  private final Path directory;
  private final int databasePort = RetortProcess.freePort();
  private final Client api;
  private final List<Process> processes = new ArrayList<>();
  private EmbeddedPostgres database;
  private Process worker;

  Fleet(Path directory) throws IOException {
    this.directory = directory;
    database = startDatabase();
    int port = RetortProcess.freePort();
    api = new Client(port);
    Process unused = start("api", "retort.worker.enabled=false", port);
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
        RetortProcess.start(
            directory,
            name,
            port,
            mode,
            "retort.worker.checkpoint-every=500ms",
            "spring.datasource.url=jdbc:postgresql://localhost:" + databasePort + "/postgres",
            "spring.datasource.username=postgres",
            "spring.datasource.password=postgres");
    processes.add(process);
    return process;
  }

  Client api() {
    return api;
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
