package io.retort.crash;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How often which blow hit which part of a job; as text, a table. */
final class Hits<B extends Enum<B>> {

  private final B[] blows;
  private final Map<Part, Map<B, Integer>> counts = new EnumMap<>(Part.class);

  Hits(Class<B> blows) {
    this.blows = blows.getEnumConstants();
    for (Part part : Part.values()) {
      counts.put(part, new EnumMap<>(blows));
    }
  }

  void add(B blow, Part hit) {
    counts.get(hit).merge(blow, 1, Integer::sum);
  }

  private static String words(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("| the job was |");
    for (B blow : blows) {
      text.append(' ').append(words(blow)).append(" |");
    }
    text.append("\n|---|").append("---|".repeat(blows.length));
    counts.forEach(
        (part, row) -> {
          text.append("\n| ").append(words(part)).append(" |");
          for (B blow : blows) {
            text.append(' ').append(row.getOrDefault(blow, 0)).append(" |");
          }
        });
    return text.toString();
  }
}
