package io.retort.dataset;

import io.retort.spec.DataFormat;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of CSV, Parquet and JSON Lines, streamed through DuckDB. */
final class TableReader implements RowReader {

  private static final Set<String> SCALARS =
      Set.of(
          "BOOLEAN",
          "TINYINT",
          "SMALLINT",
          "INTEGER",
          "BIGINT",
          "HUGEINT",
          "UTINYINT",
          "USMALLINT",
          "UINTEGER",
          "UBIGINT",
          "FLOAT",
          "DOUBLE",
          "VARCHAR",
          "DECIMAL",
          "ENUM");

  private final Connection connection;
  private final TableQuery query;
  private final Location location;
  private final Statement statement;
  private final ResultSet rows;
  private long row;
  private String label = "-";

  private TableReader(Connection connection, TableQuery query, Location location)
      throws SQLException {
    this.connection = connection;
    this.query = query;
    this.location = location;
    this.statement = connection.createStatement();
    this.rows = statement.executeQuery(query.rows());
  }

  static TableReader open(SourceFile source, DataFormat format, ReadAs how) throws IOException {
    Connection connection = null;
    try {
      connection = DuckDb.open(source.path());
      TableQuery query = query(connection, source, format, how);
      return new TableReader(connection, query, source.location());
    } catch (SQLException e) {
      close(connection);
      throw TableProblem.of(e, source.location());
    } catch (RuntimeException | IOException e) {
      close(connection);
      throw e;
    }
  }

  private static TableQuery query(
      Connection connection, SourceFile source, DataFormat format, ReadAs how)
      throws IOException, SQLException {
    String file = TableQuery.literal(source.path().toString());
    if (format == DataFormat.PARQUET) {
      String from = "read_parquet(" + file + ")";
      TableQuery query =
          TableQuery.of(from, columns(connection, from), how.label(), how.features());
      checkTypes(connection, query);
      return query;
    }
    boolean csv = format == DataFormat.CSV;
    TextHeader header = csv ? TextHeader.csv(source) : TextHeader.jsonLines(source);
    String columns =
        header.columns().stream()
            .map(c -> TableQuery.literal(c) + ": 'VARCHAR'")
            .collect(Collectors.joining(", ", "columns = {", "}"));
    String from =
        csv
            ? "read_csv(%s, %s, auto_detect = false, header = true, delim = %s, quote = '\"', escape = '\"')"
                .formatted(file, columns, TableQuery.literal(String.valueOf(header.delimiter())))
            : "read_json(%s, %s, format = 'newline_delimited')".formatted(file, columns);
    return TableQuery.of(from, header.columns(), how.label(), how.features());
  }

  private static List<String> columns(Connection connection, String from) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement s = connection.createStatement();
        ResultSet r = s.executeQuery("DESCRIBE SELECT * FROM " + from)) {
      while (r.next()) {
        names.add(r.getString(1));
      }
    }
    return names;
  }

  /** Parquet has types; a list or a time stamp is no feature. */
  private static void checkTypes(Connection connection, TableQuery query) throws SQLException {
    try (Statement s = connection.createStatement();
        ResultSet r = s.executeQuery("DESCRIBE SELECT * FROM " + query.from())) {
      while (r.next()) {
        String name = r.getString(1);
        String type = r.getString(2);
        boolean used = query.features().contains(name) || name.equals(query.label());
        String base = type.replaceFirst("\\(.*", "").toUpperCase(Locale.ROOT);
        if (used && (type.endsWith("]") || !SCALARS.contains(base))) {
          throw DatasetException.unreadable(
              "column_type",
              "Column %s has type %s; features must be numbers. Leave it out with dataset.features."
                  .formatted(Shorten.text(name), Shorten.text(type)));
        }
      }
    }
  }

  @Override
  public List<String> features() {
    return query.features();
  }

  @Override
  public List<Integer> shape() {
    return List.of(query.features().size());
  }

  @Override
  public boolean next(float[] into) throws IOException {
    try {
      if (!rows.next()) {
        return false;
      }
      row++;
      for (int c = 0; c < into.length; c++) {
        into[c] = rows.getFloat(c + 2);
        // asking for null is slow, and DuckDB gives 0 or NaN for it
        if ((into[c] == 0 || Float.isNaN(into[c])) && rows.wasNull()) {
          throw notANumber(query.features().get(c));
        }
      }
      if (labelled()) {
        String text = rows.getString(1);
        label = text == null ? "" : text;
      }
      return true;
    } catch (SQLException e) {
      throw TableProblem.of(e, location);
    }
  }

  private DatasetException notANumber(String column) throws SQLException {
    String text = text(column);
    String where = "Row %,d, column %s".formatted(row, Shorten.text(column));
    return text == null
        ? DatasetException.unreadable(
            "missing_value", where + " is empty; every column needs a value in every row.")
        : DatasetException.unreadable(
            "text_in_numeric_column",
            where
                + " is "
                + Shorten.text(text)
                + ", which is no number. "
                + (labelled()
                    ? hint(text)
                    : "The file holds a column of numbers for each class and nothing else."));
  }

  private static String hint(String text) {
    return text.matches("[+-]?\\d+,\\d+")
        ? "Write decimals with a point."
        : "Leave the column out with dataset.features, or encode it.";
  }

  private @Nullable String text(String column) throws SQLException {
    rows.close();
    try (Statement s = connection.createStatement();
        ResultSet r = s.executeQuery(query.cell(column, row - 1))) {
      return r.next() ? r.getString(1) : null;
    }
  }

  @Override
  public boolean labelled() {
    return query.label() != null;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public void close() {
    close(connection);
  }

  private static void close(@Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      // an in-memory database: nothing can be lost
    }
  }
}
