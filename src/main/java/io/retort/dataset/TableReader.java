package io.retort.dataset;

import io.retort.spec.DataFormat;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of CSV, Parquet and JSON Lines, streamed through DuckDB. */
final class TableReader implements RowReader {

  private final Connection connection;
  private final TableQuery query;
  private final List<String> features;
  private final Location location;
  private final Statement statement;
  private final ResultSet rows;
  private long row;
  private String label = "-";

  private TableReader(Connection connection, TableQuery query, Location location)
      throws SQLException {
    this.connection = connection;
    this.query = query;
    this.features = query.names();
    this.location = location;
    this.statement = connection.createStatement();
    this.rows = statement.executeQuery(query.rows());
  }

  /**
   * @param maxColumns features at most
   */
  static TableReader open(SourceFile source, DataFormat format, ReadAs how, int maxColumns)
      throws IOException {
    Connection connection = null;
    try {
      connection = DuckDb.open(source.path());
      TableQuery query = query(connection, source, format, how, maxColumns);
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
      Connection connection, SourceFile source, DataFormat format, ReadAs how, int maxColumns)
      throws IOException, SQLException {
    String file = TableQuery.literal(source.path().toString());
    if (format == DataFormat.PARQUET) {
      String from = "read_parquet(" + file + ")";
      Map<String, String> types = types(connection, from);
      FirstRow first = new FirstRow(connection, from, maxColumns);
      TableQuery query =
          TableQuery.of(
              from,
              List.copyOf(types.keySet()),
              how.label(),
              how.features(),
              names -> first.typed(names, types),
              maxColumns);
      if (how.label() != null) {
        FirstRow.checkLabel(how.label(), Objects.requireNonNull(types.get(how.label())));
      }
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
    FirstRow first = new FirstRow(connection, from, maxColumns);
    return TableQuery.of(
        from,
        header.columns(),
        how.label(),
        how.features(),
        names -> first.text(names, !csv),
        maxColumns);
  }

  private static Map<String, String> types(Connection connection, String from) throws SQLException {
    Map<String, String> types = new LinkedHashMap<>();
    try (Statement s = connection.createStatement();
        ResultSet r = s.executeQuery("DESCRIBE SELECT * FROM " + from)) {
      while (r.next()) {
        types.put(r.getString(1), r.getString(2));
      }
    }
    return types;
  }

  @Override
  public List<String> features() {
    return features;
  }

  @Override
  public List<Integer> shape() {
    return query.shape();
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

  private DatasetException notANumber(TableFeature feature) throws SQLException {
    TableColumn column = feature.column();
    rows.close();
    try (Statement s = connection.createStatement();
        ResultSet r = s.executeQuery(query.cell(feature, row - 1))) {
      if (!r.next()) {
        return location.problem("unreadable", "Row %,d cannot be read again.".formatted(row));
      }
      String text = r.getString(1);
      String cell = r.getString(2);
      if (cell != null && !r.getBoolean(3)) {
        return otherLengths(column, cell, r.getLong(4));
      }
      return text == null
          ? DatasetException.unreadable(
              "missing_value",
              where(cell == null ? column.name() : feature.name())
                  + " is empty; every column needs a value in every row.")
          : DatasetException.unreadable(
              "text_in_numeric_column",
              where(feature.name()) + " is " + Shorten.text(text) + whyNoNumber(column, text));
    }
  }

  private String where(String column) {
    return "Row %,d, column %s".formatted(row, Shorten.text(column));
  }

  private DatasetException otherLengths(TableColumn column, String cell, long numbers) {
    String asFirst =
        column.shape().stream().map(String::valueOf).collect(Collectors.joining(" x "));
    if (!cell.strip().startsWith("[")) {
      return DatasetException.unreadable(
          "text_in_numeric_column",
          "%s is %s, where the first row has a list of %s numbers."
              .formatted(where(column.name()), Shorten.text(cell), asFirst));
    }
    boolean uneven = numbers == column.width() || (numbers == 0 && column.shape().size() > 1);
    String how =
        row == 1
            ? " has lists of different lengths; all at one depth need the same."
            : uneven
                ? " has lists of other lengths than the first row's, which are " + asFirst + "."
                : " has %,d numbers, but the first row has %s; every row needs the same."
                    .formatted(numbers, asFirst);
    return DatasetException.unreadable("ragged_rows", where(column.name()) + how);
  }

  private String whyNoNumber(TableColumn column, String text) {
    if (column.kind() == TableColumn.Kind.TRUTH) {
      return ", where the first row has true or false.";
    }
    return ", which is no number. "
        + (labelled()
            ? hint(text)
            : "The file holds a column of numbers for each class and nothing else.");
  }

  private static String hint(String text) {
    return text.matches("[+-]?\\d+,\\d+")
        ? "Write decimals with a point."
        : "Leave the column out with dataset.features, or encode it.";
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
