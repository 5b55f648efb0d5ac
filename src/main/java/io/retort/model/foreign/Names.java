package io.retort.model.foreign;

/** Names that a stranger chose, fit to be shown. */
final class Names {

  private static final int SHOWN = 80;

  private Names() {}

  static String shown(String name) {
    String plain = name.replaceAll("\\p{Cntrl}", "?");
    return "`" + (plain.length() <= SHOWN ? plain : plain.substring(0, SHOWN) + "...") + "`";
  }
}
