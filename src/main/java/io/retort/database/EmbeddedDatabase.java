package io.retort.database;

import java.io.IOException;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** A PostgreSQL of the service's own, wherever no other is configured. */
@Configuration(proxyBeanMethods = false)
@Conditional(EmbeddedDatabase.NoDatabaseConfigured.class)
class EmbeddedDatabase {

  @Bean
  PostgresDirectory postgresDirectory(DataDirectory data) {
    return new PostgresDirectory(data.directory("postgres-17"));
  }

  @Bean(destroyMethod = "close")
  KeptPostgres embeddedPostgres(PostgresDirectory directory) throws IOException {
    return new KeptPostgres(directory);
  }

  /** Hikari and Flyway ask this bean, so they start after the server and stop before it. */
  @Bean
  JdbcConnectionDetails embeddedConnection(KeptPostgres server, PostgresDirectory directory)
      throws IOException {
    return new Connection(server.port(), directory.password());
  }

  static final class NoDatabaseConfigured implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return !StringUtils.hasText(context.getEnvironment().getProperty("spring.datasource.url"));
    }
  }

  private record Connection(int port, String password) implements JdbcConnectionDetails {

    @Override
    public String getUsername() {
      return "postgres";
    }

    @Override
    public String getPassword() {
      return password;
    }

    @Override
    public String getJdbcUrl() {
      return "jdbc:postgresql://localhost:" + port + "/postgres?reWriteBatchedInserts=true";
    }

    @Override
    public String toString() {
      return getJdbcUrl();
    }
  }
}
