package io.retort.dataset;

import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in a sentence what DuckDB says in twenty lines. */
final class TableProblem {

  private static final Pattern LINE = Pattern.compile("(?i)\\bline:? (\\d+)");
  private static final Pattern WIDTH =
      Pattern.compile("Expected Number of Columns: (\\d+) Found: (\\d+)");

  private TableProblem() {}

  static DatasetException of(SQLException e, Location location) {
    String text = String.valueOf(e.getMessage());
    Matcher line = LINE.matcher(text);
    String where = line.find() ? "Line " + line.group(1) : "A line";
    Matcher width = WIDTH.matcher(text);
    if (width.find()) {
      return location.problem(
          "ragged_rows",
          "%s has %s columns, but the first line has %s."
              .formatted(where, width.group(2), width.group(1)));
    }
    if (text.contains("UTF-8") || text.contains("unicode") || text.contains("nvalid encoding")) {
      return location.problem(
          "bad_encoding", where + " is not valid UTF-8; save the file in that encoding.");
    }
    // every problem of a CSV lists the options, the kind of quote among them
    if (text.contains("unterminated quote")) {
      return location.problem("bad_csv", where + " has a quote that is never closed.");
    }
    if (text.contains("Malformed JSON") || text.contains("JSON")) {
      return location.problem("bad_json", where + " is no JSON object.");
    }
    if (text.contains("Maximum line size") || text.contains("max_line_size")) {
      return location.problem("bad_csv", where + " is too long (2 MB at most).");
    }
    if (text.toLowerCase(java.util.Locale.ROOT).contains("parquet") || text.contains("magic")) {
      return location.problem("bad_parquet", "The Parquet file is damaged or ends too early.");
    }
    if (text.contains("Out of Memory")) {
      return location.problem(
          "too_wide",
          "The file's rows or row groups are too large to be read in 512 MB; thousands of columns"
              + " are read from Parquet, NPY and NPZ.");
    }
    return location.problem("unreadable", where + " cannot be read as a row of the table.");
  }
}
