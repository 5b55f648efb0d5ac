package io.retort.dataset;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** An in-memory DuckDB that can read one file and nothing else. */
final class DuckDb {

  private static final String MEMORY = "512MB";

  private DuckDb() {}

  static Connection open(Path file) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    Connection connection = DriverManager.getConnection("jdbc:duckdb:", properties);
    try (Statement s = connection.createStatement()) {
      s.execute("SET memory_limit = '" + MEMORY + "'");
      s.execute("SET threads = " + Math.min(4, Runtime.getRuntime().availableProcessors()));
      s.execute("SET temp_directory = ''");
      s.execute("SET autoinstall_known_extensions = false");
      s.execute("SET autoload_known_extensions = false");
      s.execute("SET allowed_paths = [" + TableQuery.literal(file.toString()) + "]");
      s.execute("SET enable_external_access = false");
      s.execute("SET lock_configuration = true");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
