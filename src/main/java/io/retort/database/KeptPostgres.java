package io.retort.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded server, and its successors: where its postmaster dies alone, another one is started
 * on the same files and port, where connections that are made anew find it.
 */
final class KeptPostgres implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KeptPostgres.class);

  private final PostgresDirectory directory;
  private final int port;
  private final ExecutorService keeper =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "postgres-keeper");
            thread.setDaemon(true);
            return thread;
          });
  private EmbeddedPostgres server;
  private boolean closed;

  /**
   * @throws DataDirectoryInUseException while another service runs on the directory
   */
  KeptPostgres(PostgresDirectory directory) throws IOException {
    this.directory = directory;
    server = PostgresServer.start(directory, 0);
    port = server.getPort();
    keep();
  }

  int port() {
    return port;
  }

  private void keep() throws IOException {
    PostgresServer.postmaster(directory)
        .ifPresent(
            postmaster -> {
              var unused = postmaster.onExit().thenRunAsync(this::replace, keeper);
            });
  }

  /** One that cannot be replaced is not tried again: whoever looks at readiness will look here. */
  private synchronized void replace() {
    if (closed) {
      return;
    }
    LOG.error("The embedded PostgreSQL has died; another one is started on its files");
    try {
      server.close(); // frees the lock of the directory; that there is nothing to stop, it logs
      PostgresServer.stopLeftovers(directory);
      server = PostgresServer.start(directory, port);
      keep();
    } catch (IOException | RuntimeException e) {
      LOG.error("The embedded PostgreSQL could not be started again; restart the service", e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    keeper.shutdown();
    server.close();
  }
}
