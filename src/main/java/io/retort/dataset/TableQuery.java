package io.retort.dataset;

import io.retort.spec.Nearest;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table in DuckDB's words, with the columns that are wanted of it.
 *
 * @param from a table function call
 * @param label the label's column; null for none
 * @param features the feature columns in order
 */
record TableQuery(String from, @Nullable String label, List<String> features) {

  /**
   * @param columns what the file has
   * @param label null for none
   * @param wanted null for every column but the label
   * @throws DatasetException naming a column that is not there
   */
  static TableQuery of(
      String from, List<String> columns, @Nullable String label, @Nullable List<String> wanted) {
    if (label != null && !columns.contains(label)) {
      throw missing(
          "missing_label_column",
          "/dataset/label",
          "label",
          label,
          columns,
          columns.stream().allMatch(TableQuery::isNumber)
              ? " The first line holds numbers, where a CSV needs the columns' names."
              : " Name yours in dataset.label.");
    }
    if (wanted != null) {
      for (int i = 0; i < wanted.size(); i++) {
        if (!columns.contains(wanted.get(i))) {
          throw missing(
              "missing_column", "/dataset/features/" + i, "feature", wanted.get(i), columns, "");
        }
      }
    }
    List<String> features =
        wanted != null ? wanted : columns.stream().filter(c -> !c.equals(label)).toList();
    if (features.isEmpty()) {
      throw DatasetException.unreadable(
          "bad_header", "There is no column besides the label; is it the right delimiter?");
    }
    return new TableQuery(from, label, features);
  }

  private static DatasetException missing(
      String code, String pointer, String what, String name, List<String> columns, String hint) {
    return DatasetException.of(
        code,
        pointer,
        "There is no %s column %s%s The columns are: %s.%s"
            .formatted(
                what,
                Shorten.text(name),
                Nearest.find(name, columns)
                    .map(n -> "; did you mean " + Shorten.text(n) + "?")
                    .orElse("."),
                Shorten.names(columns),
                hint));
  }

  private static boolean isNumber(String text) {
    try {
      Double.parseDouble(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** The label as text, then every feature as a float; null where a cell is no number. */
  String rows() {
    String first = label == null ? "NULL" : "CAST(" + quoted(label) + " AS VARCHAR)";
    return features.stream()
        .map(c -> "TRY_CAST(" + quoted(c) + " AS FLOAT)")
        .collect(Collectors.joining(", ", "SELECT " + first + ", ", " FROM " + from));
  }

  /** One cell as the text that it was. */
  String cell(String column, long row) {
    return "SELECT CAST(%s AS VARCHAR) FROM %s LIMIT 1 OFFSET %d"
        .formatted(quoted(column), from, row);
  }

  static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  static String literal(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }
}
