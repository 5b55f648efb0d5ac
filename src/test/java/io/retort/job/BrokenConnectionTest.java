package io.retort.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.retort.testing.ServiceTest;
import io.retort.web.DatabaseLoss;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A database that goes away in the middle of a transaction, as when a job's result is written. */
@ServiceTest
class BrokenConnectionTest {

  @Autowired Jobs jobs;
  @Autowired JdbcClient jdbc;
  @Autowired DataSource dataSource;
  @Autowired PlatformTransactionManager transactions;

  @Test
  void isALossWhenTheNextReadIsHibernates() {
    assertThat(brokenBefore(() -> jobs.findById(UUID.randomUUID())))
        .matches(DatabaseLoss::isCauseOf);
  }

  @Test
  void isALossWhenTheNextReadIsPlain() {
    assertThat(brokenBefore(() -> jdbc.sql("select 1").query(Integer.class).single()))
        .matches(DatabaseLoss::isCauseOf);
  }

  @Test
  void isALossWhenTheNextStepIsTheCommit() {
    assertThat(brokenBefore(() -> {})).matches(DatabaseLoss::isCauseOf);
  }

  @Test
  void aStatementThatIsWrongIsNone() {
    Throwable wrong =
        catchThrowable(
            () ->
                new TransactionTemplate(transactions)
                    .executeWithoutResult(status -> jdbc.sql("select 1 / 0").query().listOfRows()));
    assertThat(wrong).isNotNull().matches(failure -> !DatabaseLoss.isCauseOf(failure));
  }

  @Test
  void anotherLibrarysFailureWithoutAStateIsNone() {
    assertThat(DatabaseLoss.isCauseOf(new IllegalStateException(new SQLException("no CSV"))))
        .isFalse();
  }

  private Throwable brokenBefore(Runnable step) {
    return catchThrowable(
        () ->
            new TransactionTemplate(transactions)
                .executeWithoutResult(
                    status -> {
                      terminate(jdbc.sql("select pg_backend_pid()").query(Integer.class).single());
                      step.run();
                    }));
  }

  /** On a connection of its own; answers when the other one's process has ended. */
  private void terminate(int backend) {
    try (Connection other = dataSource.getConnection();
        PreparedStatement end = other.prepareStatement("select pg_terminate_backend(?, 10000)")) {
      end.setInt(1, backend);
      end.execute();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
