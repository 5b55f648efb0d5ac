package io.retort.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.retort.testing.ServiceTest;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.core.simple.JdbcClient;

@ServiceTest
class EmbeddedDatabaseTest {

  @Autowired JdbcClient jdbc;
  @Autowired PostgresDirectory directory;
  @Autowired JdbcConnectionDetails connection;

  @ParameterizedTest
  @CsvSource({"fsync, on", "synchronous_commit, on", "listen_addresses, localhost"})
  void keepsWhatItWasGiven(String setting, String value) {
    assertThat(jdbc.sql("show " + setting).query(String.class).single()).isEqualTo(value);
  }

  @Test
  void asksForItsPassword() {
    assertThatThrownBy(
            () -> DriverManager.getConnection(connection.getJdbcUrl(), "postgres", "wrong"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void isOpenToItsOwnerOnly() throws Exception {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
    assertThat(Files.getPosixFilePermissions(directory.root()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(Files.getPosixFilePermissions(directory.passwordFile()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void refusesASecondInstance() {
    assertThatThrownBy(() -> PostgresServer.start(directory, 0))
        .isInstanceOf(DataDirectoryInUseException.class)
        .hasMessageContaining("in use by another instance");
  }
}
