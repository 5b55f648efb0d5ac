package io.retort.web;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** Tells a database that is away from a statement that is wrong. */
public final class DatabaseLoss {

  private DatabaseLoss() {}

  /** True for a failed or refused connection, or a server that is shutting down. */
  public static boolean isCauseOf(Throwable failure) {
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLTransientConnectionException
          || t instanceof SQLNonTransientConnectionException
          || (t instanceof SQLException e && isConnectionState(e.getSQLState()))) {
        return true;
      }
    }
    return false;
  }

  /** Class 08 is a connection failure, 57P an operator's intervention, 53300 too many clients. */
  private static boolean isConnectionState(@Nullable String state) {
    return state != null
        && (state.startsWith("08") || state.startsWith("57P") || state.equals("53300"));
  }
}
