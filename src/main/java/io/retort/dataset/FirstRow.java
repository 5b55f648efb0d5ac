package io.retort.dataset;

import io.retort.dataset.TableColumn.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds out what a table's columns hold: by their types, and by the first row's cells. */
final class FirstRow {

  private static final int MAX_DEPTH = 8;
  private static final Set<String> NUMBERS =
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
          "DECIMAL");
  private static final Set<String> TEXTS = Set.of("VARCHAR", "ENUM");

  private final Connection connection;
  private final String from;
  private final int maxColumns;

  FirstRow(Connection connection, String from, int maxColumns) {
    this.connection = connection;
    this.from = from;
    this.maxColumns = maxColumns;
  }

  /** Parquet has types; a struct or a time stamp is no feature, and a list no label. */
  static void checkLabel(String name, String type) {
    if (depth(type) > 0 || !(NUMBERS.contains(base(type)) || TEXTS.contains(base(type)))) {
      throw badType(name, type, "a label must be a number or text.");
    }
  }

  /**
   * Columns of a file that has types.
   *
   * @param types by name
   */
  Map<String, TableColumn> typed(Collection<String> names, Map<String, String> types)
      throws SQLException {
    Map<String, TableColumn> columns = new LinkedHashMap<>();
    for (String name : names) {
      String type = Objects.requireNonNull(types.get(name));
      int depth = depth(type);
      boolean number = NUMBERS.contains(base(type));
      if (depth > MAX_DEPTH || !(number || (depth == 0 && TEXTS.contains(base(type))))) {
        throw badType(
            name,
            type,
            "features must be numbers or lists of them. Leave it out with dataset.features.");
      }
      columns.put(
          name,
          depth == 0 ? TableColumn.single(name, Kind.NUMBER) : TableColumn.lists(name, depth));
    }
    return withLengths(columns);
  }

  private static DatasetException badType(String name, String type, String hint) {
    return DatasetException.unreadable(
        "column_type",
        "Column %s has type %s; %s".formatted(Shorten.text(name), Shorten.text(type), hint));
  }

  private static String base(String type) {
    return element(type).replaceFirst("\\(.*", "").toUpperCase(Locale.ROOT);
  }

  private static int depth(String type) {
    return (int) type.substring(element(type).length()).chars().filter(c -> c == '[').count();
  }

  /** Of what a type's lists are: {@code DECIMAL(4,1)} of {@code DECIMAL(4,1)[][3]}. */
  private static String element(String type) {
    return type.replaceFirst("(\\[\\d*])+$", "");
  }

  /**
   * Columns of a file of text.
   *
   * @param lists whether text may be a list, as in JSON
   */
  Map<String, TableColumn> text(Collection<String> names, boolean lists) throws SQLException {
    Map<String, TableColumn> columns = new LinkedHashMap<>();
    names.forEach(n -> columns.put(n, TableColumn.single(n, Kind.NUMBER)));
    String select =
        names.stream()
            .map(TableQuery::quoted)
            .collect(Collectors.joining(", ", "SELECT ", " FROM " + from + " LIMIT 1"));
    try (Statement s = connection.createStatement();
        ResultSet row = s.executeQuery(select)) {
      if (row.next()) {
        int c = 1;
        for (String name : names) {
          String cell = row.getString(c++);
          if (cell != null) {
            columns.put(name, ofText(name, cell, lists));
          }
        }
      }
    }
    return withLengths(columns);
  }

  private static TableColumn ofText(String name, String cell, boolean lists) {
    String text = cell.strip();
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return TableColumn.single(name, Kind.TRUTH);
    }
    int depth = 0;
    if (lists) {
      for (int i = 0; i < text.length() && "[ \t".indexOf(text.charAt(i)) >= 0; i++) {
        depth += text.charAt(i) == '[' ? 1 : 0;
      }
    }
    if (depth > MAX_DEPTH) {
      throw badType(name, text, "lists may be nested %d deep.".formatted(MAX_DEPTH));
    }
    return depth == 0 ? TableColumn.single(name, Kind.NUMBER) : TableColumn.lists(name, depth);
  }

  private Map<String, TableColumn> withLengths(Map<String, TableColumn> columns)
      throws SQLException {
    for (TableColumn column : columns.values()) {
      if (column.kind() == Kind.LIST) {
        columns.put(column.name(), withLengths(column));
      }
    }
    return columns;
  }

  private TableColumn withLengths(TableColumn column) throws SQLException {
    List<Integer> shape = new ArrayList<>();
    long width = 1;
    try (Statement s = connection.createStatement();
        ResultSet row =
            s.executeQuery(
                "SELECT %s FROM (SELECT %s AS v FROM %s LIMIT 1)"
                    .formatted(
                        String.join(", ", TableColumn.lengths("v", column.shape().size())),
                        column.value(),
                        from))) {
      if (!row.next()) {
        throw DatasetException.unreadable("empty_dataset", "The dataset has no rows.");
      }
      for (int d = 1; d <= column.shape().size(); d++) {
        // null gives 0 as well
        long length = row.getLong(d);
        if (length == 0) {
          throw DatasetException.unreadable(
              "missing_value",
              "Row 1, column %s is empty or has an empty list; every row needs a list of numbers of the same length."
                  .formatted(Shorten.text(column.name())));
        }
        width *= length;
        if (width > maxColumns) {
          throw DatasetException.unreadable(
              "too_many_columns",
              "Row 1, column %s has %,d numbers or more; at most %,d are allowed."
                  .formatted(Shorten.text(column.name()), width, maxColumns));
        }
        shape.add((int) length);
      }
    }
    return new TableColumn(column.name(), Kind.LIST, shape);
  }
}
