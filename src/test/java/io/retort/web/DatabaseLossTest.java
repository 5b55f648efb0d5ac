package io.retort.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.hibernate.TransactionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.orm.jpa.JpaSystemException;

class DatabaseLossTest {

  @ParameterizedTest
  @CsvSource({
    "08006, true",
    "57P01, true",
    "53300, true",
    "23505, false",
    "40001, false",
    "42703, false"
  })
  void tellsByTheStateThatTheServerGives(String state, boolean lost) {
    SQLException failure = new SQLException("so", state);
    assertThat(DatabaseLoss.isCauseOf(new IllegalStateException(failure))).isEqualTo(lost);
  }

  /** Of a job that had just ended when its database was killed, all that was left to see. */
  @Test
  void seesThatTheServerDiedInTheMiddleOfATransaction() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start();
        HikariDataSource pool = pool(server);
        Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("select 1");
      terminate(server);
      isLoss(failure(() -> statement.execute("select 1")));
      SQLException afterwards = failure(connection::rollback);
      isLoss(afterwards);
      isLoss(
          new JpaSystemException(
              new TransactionException("Unable to rollback against JDBC Connection", afterwards)));
    }
  }

  private static void isLoss(Throwable failure) {
    assertThat(DatabaseLoss.isCauseOf(failure)).as(failure.toString()).isTrue();
  }

  private static HikariDataSource pool(EmbeddedPostgres server) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(server.getPostgresDatabase());
    config.setMaximumPoolSize(1);
    return new HikariDataSource(config);
  }

  private static void terminate(EmbeddedPostgres server) throws SQLException {
    try (Connection another = server.getPostgresDatabase().getConnection();
        Statement statement = another.createStatement()) {
      statement.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
              + " and backend_type = 'client backend'");
    }
  }

  private interface Call {
    void run() throws SQLException;
  }

  private static SQLException failure(Call call) {
    try {
      call.run();
    } catch (SQLException e) {
      return e;
    }
    throw new AssertionError("it went well");
  }
}
