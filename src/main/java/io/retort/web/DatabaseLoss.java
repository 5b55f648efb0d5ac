package io.retort.web;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import org.hibernate.TransactionException;
import org.jspecify.annotations.Nullable;

/** Tells a database that is away from a statement that is wrong. */
public final class DatabaseLoss {

  private DatabaseLoss() {}

  /** True for a failed, refused or broken connection, or a server that is shutting down. */
  public static boolean isCauseOf(Throwable failure) {
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLTransientConnectionException
          || t instanceof SQLNonTransientConnectionException
          || (t instanceof SQLException e && isConnectionState(e.getSQLState()))
          || (t instanceof TransactionException e && isUnableToEnd(e))) {
        return true;
      }
    }
    return false;
  }

  /**
   * A pool closes a connection that breaks within a transaction. The transaction can then not even
   * be rolled back, and what is thrown is no longer why, but that the connection is closed, which
   * is the pool's word and has no state.
   */
  private static boolean isUnableToEnd(TransactionException failure) {
    return failure.getCause() instanceof SQLException e && e.getSQLState() == null;
  }

  /** Class 08 is a connection failure, 57P an operator's intervention, 53300 too many clients. */
  private static boolean isConnectionState(@Nullable String state) {
    return state != null
        && (state.startsWith("08") || state.startsWith("57P") || state.equals("53300"));
  }
}
