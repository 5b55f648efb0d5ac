package io.retort.dataset;

import java.util.List;

/** Foreign text made fit for a message. */
final class Shorten {

  private static final int LENGTH = 40;
  private static final int NAMES = 12;

  private Shorten() {}

  static String text(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return "\"" + (plain.length() <= LENGTH ? plain : plain.substring(0, LENGTH) + "...") + "\"";
  }

  static String names(List<String> names) {
    String listed = String.join(", ", names.stream().limit(NAMES).map(Shorten::text).toList());
    return names.size() <= NAMES ? listed : listed + " and " + (names.size() - NAMES) + " more";
  }
}
