package io.retort.job;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Hears from the database which jobs have moved, whichever process moved them. Holds one connection
 * from the first listener on; while that is lost, {@link #hearing} is false and listeners must look
 * for themselves.
 */
@Component
public class JobSignals implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(JobSignals.class);
  private static final int PATIENCE_MILLIS = 500;

  private final DataSource database;
  private volatile boolean hearing;
  private volatile boolean closed;
  private @Nullable Thread thread;

  JobSignals(DataSource database) {
    this.database = database;
  }

  /**
   * Calls back, on a thread of its own.
   *
   * @param listener with the id of each job that moved
   * @param missed whenever signals arrive again, as some may have been lost before
   */
  public synchronized void listen(Consumer<UUID> listener, Runnable missed) {
    if (thread == null && !closed) {
      thread = new Thread(() -> hear(listener, missed), "job-signals");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Whether signals arrive at the moment. */
  public boolean hearing() {
    return hearing;
  }

  private void hear(Consumer<UUID> listener, Runnable missed) {
    while (!closed) {
      try (Connection connection = database.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("listen retort_job");
        hearing = true;
        try {
          missed.run();
          pass(connection.unwrap(PGConnection.class), listener);
        } finally {
          hearing = false;
        }
        statement.execute("unlisten *");
      } catch (SQLException e) {
        LOG.debug("No signals while the database is away", e);
        pause();
      }
    }
  }

  private void pass(PGConnection connection, Consumer<UUID> listener) throws SQLException {
    while (!closed) {
      PGNotification[] signals = connection.getNotifications(PATIENCE_MILLIS);
      for (PGNotification signal : signals == null ? new PGNotification[0] : signals) {
        listener.accept(UUID.fromString(signal.getParameter()));
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  @Override
  public void destroy() throws InterruptedException {
    closed = true;
    Thread running;
    synchronized (this) {
      running = thread;
    }
    if (running != null) {
      running.join(4L * PATIENCE_MILLIS);
    }
  }
}
