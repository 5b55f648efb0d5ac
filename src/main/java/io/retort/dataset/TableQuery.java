package io.retort.dataset;

import io.retort.spec.Nearest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A table in DuckDB's words, with the columns that are wanted of it.
 *
 * @param from a table function call
 * @param label the label's column; null for none
 * @param features in order
 */
record TableQuery(String from, @Nullable String label, List<TableFeature> features) {

  /** No column of a file is called so. */
  private static final String VALUE = "\"\u0001value\"";

  private static final Pattern ELEMENT = Pattern.compile("(.+?)(\\[\\d+])+", Pattern.DOTALL);

  /** Says what columns hold. */
  interface Look {
    Map<String, TableColumn> at(Set<String> names) throws SQLException;
  }

  /**
   * @param columns what the file has
   * @param label null for none
   * @param wanted columns, or numbers in lists as {@code embedding[3]}; null for every column but
   *     the label
   * @param look asked about the columns that are wanted
   * @param maxColumns features at most
   * @throws DatasetException naming a column that is not there
   */
  static TableQuery of(
      String from,
      List<String> columns,
      @Nullable String label,
      @Nullable List<String> wanted,
      Look look,
      int maxColumns)
      throws SQLException {
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
    Set<String> known = Set.copyOf(columns);
    List<String> names =
        wanted != null ? wanted : columns.stream().filter(c -> !c.equals(label)).toList();
    if (names.isEmpty()) {
      throw DatasetException.unreadable(
          "bad_header", "There is no column besides the label; is it the right delimiter?");
    }
    Set<String> used = new LinkedHashSet<>();
    for (int i = 0; i < names.size(); i++) {
      String column = column(names.get(i), known);
      if (column == null) {
        throw missing(i, names.get(i), columns);
      }
      used.add(column);
    }
    Map<String, TableColumn> found = look.at(used);
    checkWidth(found.values(), maxColumns);
    return new TableQuery(from, label, features(names, found, columns));
  }

  /** The column that a name is of, or is a number in a list of; null for none. */
  private static @Nullable String column(String name, Set<String> known) {
    if (known.contains(name)) {
      return name;
    }
    Matcher element = ELEMENT.matcher(name);
    return element.matches() && known.contains(element.group(1)) ? element.group(1) : null;
  }

  private static void checkWidth(Collection<TableColumn> columns, int maxColumns) {
    long width = columns.stream().mapToLong(TableColumn::width).sum();
    if (width > maxColumns) {
      throw DatasetException.unreadable(
          "too_many_columns",
          "The dataset has %,d feature columns; at most %,d are allowed."
              .formatted(width, maxColumns));
    }
  }

  private static List<TableFeature> features(
      List<String> names, Map<String, TableColumn> found, List<String> columns) {
    Map<String, TableFeature> elements = new HashMap<>();
    boolean single = !found.keySet().containsAll(names);
    for (TableColumn column : found.values()) {
      for (int e = 0; single && e < column.width(); e++) {
        elements.put(column.elementName(e), new TableFeature(column, e));
      }
    }
    Map<String, TableFeature> features = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      for (TableFeature feature : named(name, found, elements)) {
        if (features.put(feature.name(), feature) != null) {
          throw DatasetException.unreadable(
              "bad_header", "Two features are called " + Shorten.text(feature.name()) + ".");
        }
      }
      if (!found.containsKey(name) && !elements.containsKey(name)) {
        throw missing(i, name, columns);
      }
    }
    return List.copyOf(features.values());
  }

  /** All numbers of a column, or the one; none where nothing is called so. */
  private static List<TableFeature> named(
      String name, Map<String, TableColumn> found, Map<String, TableFeature> elements) {
    TableColumn column = found.get(name);
    if (column != null) {
      return IntStream.range(0, column.width()).mapToObj(e -> new TableFeature(column, e)).toList();
    }
    TableFeature element = elements.get(name);
    return element == null ? List.of() : List.of(element);
  }

  private static DatasetException missing(int feature, String name, List<String> columns) {
    return missing("missing_column", "/dataset/features/" + feature, "feature", name, columns, "");
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

  /** Feature names in order. */
  List<String> names() {
    return features.stream().map(TableFeature::name).toList();
  }

  /** As the lists are nested where one column of lists is all there is; flat otherwise. */
  List<Integer> shape() {
    TableColumn first = features.get(0).column();
    boolean whole =
        first.width() == features.size()
            && IntStream.range(0, features.size())
                .allMatch(e -> features.get(e).equals(new TableFeature(first, e)));
    return whole && !first.shape().isEmpty()
        ? ArrayReader.naturalShape(first.shape())
        : List.of(features.size());
  }

  /** The label as text, then every feature as a float; null where a cell is no number. */
  String rows() {
    String y = label == null ? "NULL" : "CAST(" + quoted(label) + " AS VARCHAR)";
    List<TableColumn> columns = features.stream().map(TableFeature::column).distinct().toList();
    if (columns.stream().allMatch(c -> c.shape().isEmpty())) {
      return features.stream()
          .map(f -> f.column().value())
          .collect(Collectors.joining(", ", "SELECT " + y + ", ", " FROM " + from));
    }
    Map<TableColumn, String> places = new HashMap<>();
    List<String> cells = new ArrayList<>(List.of(y + " AS y"));
    List<String> flat = new ArrayList<>(List.of("y"));
    for (TableColumn column : columns) {
      String v = "v" + places.size();
      places.put(column, v);
      cells.add(column.value() + " AS " + v);
      // a row of other lengths is null here, so that no more than a row's numbers are ever copied
      flat.add(
          column.shape().isEmpty()
              ? v
              : "CASE WHEN %s THEN %s END AS %s".formatted(column.fits(v), column.flat(v), v));
    }
    return features.stream()
            .map(f -> places.get(f.column()) + (isElement(f) ? "[" + (f.element() + 1) + "]" : ""))
            .collect(Collectors.joining(", ", "SELECT y, ", " FROM "))
        + "(SELECT %s FROM (SELECT %s FROM %s))"
            .formatted(String.join(", ", flat), String.join(", ", cells), from);
  }

  private static boolean isElement(TableFeature feature) {
    return !feature.column().shape().isEmpty();
  }

  /**
   * What one cell was: the feature's text, the whole cell's; for a list also whether its lengths
   * are the first row's, and how many numbers it holds.
   */
  String cell(TableFeature feature, long row) {
    TableColumn column = feature.column();
    boolean list = isElement(feature);
    return "SELECT %s, CAST(%s AS VARCHAR), %s, %s FROM (SELECT *, %s AS %s FROM %s LIMIT 1 OFFSET %d)"
        .formatted(
            column.text(feature.element()),
            quoted(column.name()),
            list ? "coalesce(" + column.fits(VALUE) + ", false)" : "true",
            list ? "len(" + column.flat(VALUE) + ")" : "1",
            column.value(),
            VALUE,
            from,
            row);
  }

  static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  static String literal(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }
}
