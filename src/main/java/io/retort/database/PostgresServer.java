package io.retort.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the embedded PostgreSQL so that it keeps what it was given: its defaults are for tests.
 */
final class PostgresServer {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
  private static final Duration START_WAIT = Duration.ofSeconds(60);
  private static final int STOP_SECONDS = 15;

  private PostgresServer() {}

  /**
   * Starts a server on the loopback interface.
   *
   * @param port 0 takes a free one
   * @throws DataDirectoryInUseException while another service runs on the directory
   */
  static EmbeddedPostgres start(PostgresDirectory directory, int port) throws IOException {
    directory.open();
    stopOrphan(directory);
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setDataDirectory(directory.cluster())
            .setPort(port)
            .setCleanDataDirectory(false)
            .setOverrideWorkingDirectory(directory.binaries().toFile())
            .setRegisterShutdownHook(false)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_connections", "50")
            .setServerConfig("listen_addresses", "localhost")
            .setServerConfig("unix_socket_directories", "")
            .setLocaleConfig("locale", "C")
            .setLocaleConfig("encoding", "UTF8")
            .setLocaleConfig("auth-host", "scram-sha-256")
            .setLocaleConfig("auth-local", "scram-sha-256")
            .setConnectConfig("password", directory.password())
            .setLocaleConfig("pwfile", directory.passwordFile().toString())
            .setPGStartupWait(START_WAIT)
            .start();
    LOG.info("Embedded PostgreSQL runs on port {}", server.getPort());
    return server;
  }

  /** A JVM that was killed leaves its postmaster behind, which would keep the new one out. */
  private static void stopOrphan(PostgresDirectory directory) throws IOException {
    if (!Files.exists(directory.pidFile())) {
      return;
    }
    try (FileChannel channel =
            FileChannel.open(
                directory.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        throw new DataDirectoryInUseException(directory);
      }
      postmaster(directory)
          .ifPresent(
              orphan -> {
                LOG.warn("Stopping the PostgreSQL (pid {}) of a killed service", orphan.pid());
                orphan.destroy();
                awaitEnd(orphan);
              });
    } catch (OverlappingFileLockException e) {
      throw new DataDirectoryInUseException(directory);
    }
  }

  /** Process ids are used again: only a process that is a PostgreSQL may be stopped. */
  private static boolean isPostgres(ProcessHandle process) {
    return process
        .info()
        .command()
        .map(command -> command.endsWith("postgres") || command.endsWith("postgres.exe"))
        .orElse(false);
  }

  /** The process of a server that has been started; empty where the system does not show it. */
  static Optional<ProcessHandle> postmaster(PostgresDirectory directory) throws IOException {
    long pid = Long.parseLong(Files.readAllLines(directory.pidFile()).get(0).strip());
    return ProcessHandle.of(pid).filter(PostgresServer::isPostgres);
  }

  /**
   * Ends what still runs of a server whose postmaster is dead: as long as one of these processes
   * works at something, none can be started on the files. What they had not committed is lost
   * either way.
   */
  static void stopLeftovers(PostgresDirectory directory) throws IOException {
    Path binaries = directory.binaries().toRealPath();
    ProcessHandle.allProcesses()
        .filter(
            process ->
                process
                    .info()
                    .command()
                    .map(Path::of)
                    .filter(c -> c.startsWith(binaries))
                    .isPresent())
        .forEach(
            leftover -> {
              leftover.destroyForcibly();
              awaitEnd(leftover);
            });
  }

  private static void awaitEnd(ProcessHandle process) {
    try {
      process.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
