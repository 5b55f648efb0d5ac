package io.retort.dataset;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A column of a table that features are read from.
 *
 * @param kind what its cells hold
 * @param shape lengths of a cell's lists from the outside in; empty for a single number
 */
record TableColumn(String name, Kind kind, List<Integer> shape) {

  enum Kind {
    NUMBER,
    /** Text that is true or false. */
    TRUTH,
    LIST
  }

  TableColumn {
    shape = List.copyOf(shape);
  }

  /** Numbers in a cell. */
  int width() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /** The name of a number in a cell, row-major: {@code embedding[3]}, {@code pixels[0][27]}. */
  String elementName(int element) {
    return name + indices(element).stream().map(i -> "[" + i + "]").collect(Collectors.joining());
  }

  private List<Integer> indices(int element) {
    Integer[] indices = new Integer[shape.size()];
    int rest = element;
    for (int d = shape.size() - 1; d >= 0; d--) {
      indices[d] = rest % shape.get(d);
      rest /= shape.get(d);
    }
    return List.of(indices);
  }

  /** A cell as floats; null, or null within, where it is none. */
  String value() {
    String quoted = TableQuery.quoted(name);
    return switch (kind) {
      case NUMBER -> "TRY_CAST(" + quoted + " AS FLOAT)";
      case TRUTH ->
          "CAST(CASE lower(trim(%s)) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END AS FLOAT)"
              .formatted(quoted);
      case LIST -> cast("FLOAT");
    };
  }

  private String cast(String type) {
    return "TRY_CAST(%s AS %s%s)".formatted(TableQuery.quoted(name), type, "[]".repeat(depth()));
  }

  private int depth() {
    return shape.size();
  }

  /** One number of a cell as the text that it was. */
  String text(int element) {
    return kind != Kind.LIST
        ? "CAST(" + TableQuery.quoted(name) + " AS VARCHAR)"
        : indices(element).stream()
            .map(i -> "[" + (i + 1) + "]")
            .collect(Collectors.joining("", cast("VARCHAR"), ""));
  }

  /** Whether all lists of a value are as long as this column's. */
  String fits(String value) {
    return fits(value, shape);
  }

  private static String fits(String value, List<Integer> shape) {
    String length = "len(" + value + ") = " + shape.get(0);
    if (shape.size() == 1) {
      return length;
    }
    String inner = "x" + shape.size();
    return "%s AND len(list_filter(%s, lambda %s: %s IS NULL OR NOT (%s))) = 0"
        .formatted(length, value, inner, inner, fits(inner, shape.subList(1, shape.size())));
  }

  /** A value's numbers in one list. */
  String flat(String value) {
    return "flatten(".repeat(depth() - 1) + value + ")".repeat(depth() - 1);
  }

  /** The lengths of a value's lists, each by the first one: what {@code shape} is made of. */
  static List<String> lengths(String value, int depth) {
    return IntStream.range(0, depth).mapToObj(d -> "len(" + value + "[1]".repeat(d) + ")").toList();
  }

  /** A column of lists whose lengths are not known yet. */
  static TableColumn lists(String name, int depth) {
    return new TableColumn(name, Kind.LIST, Collections.nCopies(depth, 1));
  }

  static TableColumn single(String name, Kind kind) {
    return new TableColumn(name, kind, List.of());
  }
}
