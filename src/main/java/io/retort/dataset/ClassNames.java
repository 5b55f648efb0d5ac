package io.retort.dataset;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Gives each different label a number as it comes, and an order at the end. */
final class ClassNames {

  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,18}");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");

  private final int max;
  private final Map<String, Integer> codes = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final List<Integer> counts = new ArrayList<>();

  ClassNames(int max) {
    this.max = max;
  }

  /**
   * The code of a label, new or known; {@code 3.0} is the class {@code 3}.
   *
   * @param row from 1, for errors
   * @throws DatasetException for an empty label, a fraction, or one class too many
   */
  int code(String label, long row) {
    Integer known = codes.get(label);
    if (known == null) {
      String name = name(label, row);
      known = codes.computeIfAbsent(name, n -> added(n));
      codes.put(label, known);
    }
    counts.set(known, counts.get(known) + 1);
    return known;
  }

  private int added(String name) {
    if (names.size() == max) {
      throw DatasetException.of(
          "too_many_classes",
          "/dataset/label",
          "The label column has more than %,d different values; is it the right column?"
              .formatted(max));
    }
    names.add(name);
    counts.add(0);
    return names.size() - 1;
  }

  private static String name(String label, long row) {
    String text = label.strip();
    if (text.isEmpty()) {
      throw DatasetException.of(
          "missing_value", "/dataset/label", "Row %,d has no label.".formatted(row));
    }
    if (!NUMBER.matcher(text).matches()) {
      return text;
    }
    try {
      return new BigDecimal(text).toBigIntegerExact().toString();
    } catch (ArithmeticException e) {
      throw DatasetException.of(
          "label_not_a_class",
          "/dataset/label",
          "The label of row %,d is %s, a fraction. Labels must name classes: whole numbers or text."
              .formatted(row, Shorten.text(text)));
    }
  }

  /** Where each code stands in the final order: numbers by value, anything else by name. */
  int[] order() {
    boolean numeric = names.stream().allMatch(n -> INTEGER.matcher(n).matches());
    Comparator<Integer> byName =
        numeric
            ? Comparator.comparing((Integer i) -> new BigInteger(names.get(i)))
            : Comparator.comparing(names::get);
    List<Integer> sorted = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      sorted.add(i);
    }
    sorted.sort(byName);
    int[] place = new int[names.size()];
    for (int i = 0; i < place.length; i++) {
      place[sorted.get(i)] = i;
    }
    return place;
  }

  /** Names in the final order. */
  List<String> names() {
    return inOrder(names);
  }

  /** Rows of each class in the final order. */
  List<Integer> counts() {
    return inOrder(counts);
  }

  private <T> List<T> inOrder(List<T> byCode) {
    int[] place = order();
    List<T> result = new ArrayList<>(byCode);
    for (int code = 0; code < place.length; code++) {
      result.set(place[code], byCode.get(code));
    }
    return List.copyOf(result);
  }
}
