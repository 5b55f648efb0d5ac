package io.retort.spec;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that somebody probably meant. */
public final class Nearest {

  private Nearest() {}

  /** A clause such as {@code "; did you mean `tau`?"}, or nothing where no name is near. */
  public static String hint(String given, List<String> known) {
    return find(given, known).map(name -> "; did you mean `" + name + "`?").orElse("");
  }

  /** The nearest name within a third of its length in edits, two for short ones. */
  public static Optional<String> find(String given, List<String> known) {
    if (given.length() > 100) {
      return Optional.empty();
    }
    String wanted = given.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(name -> distance(wanted, name.toLowerCase(Locale.ROOT)) <= reach(name))
        .min(Comparator.comparingInt(n -> distance(wanted, n.toLowerCase(Locale.ROOT))));
  }

  private static int reach(String name) {
    return Math.max(name.length() <= 3 ? 1 : 2, name.length() / 3);
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replace, 1 + Math.min(previous[j], row[j - 1]));
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
