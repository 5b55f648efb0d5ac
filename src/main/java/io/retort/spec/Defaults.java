package io.retort.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills in what a caller left out; used by the records' compact constructors. */
final class Defaults {

  private Defaults() {}

  static <T> T or(@Nullable T value, T fallback) {
    return value == null ? fallback : value;
  }

  static <T> List<T> list(@Nullable List<T> value, List<T> fallback) {
    return value == null ? fallback : List.copyOf(value);
  }

  /** As {@link #list}, an empty one too: generated clients send that for one that nobody set. */
  static <T> List<T> filled(@Nullable List<T> value, List<T> fallback) {
    return value == null || value.isEmpty() ? fallback : List.copyOf(value);
  }

  static Map<String, String> map(@Nullable Map<String, String> value) {
    return value == null ? Map.of() : Map.copyOf(value);
  }
}
