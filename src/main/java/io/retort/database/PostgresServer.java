package io.retort.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
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
   * Starts a server on a free port of the loopback interface.
   *
   * @throws DataDirectoryInUseException while another service runs on the directory
   */
  static EmbeddedPostgres start(PostgresDirectory directory) throws IOException {
    directory.open();
    stopOrphan(directory);
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setDataDirectory(directory.cluster())
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
      long pid = Long.parseLong(Files.readAllLines(directory.pidFile()).get(0).strip());
      ProcessHandle.of(pid).filter(PostgresServer::isPostgres).ifPresent(PostgresServer::stop);
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

  private static void stop(ProcessHandle orphan) {
    LOG.warn("Stopping the PostgreSQL (pid {}) of a service that was killed", orphan.pid());
    orphan.destroy();
    try {
      orphan.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      orphan.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
