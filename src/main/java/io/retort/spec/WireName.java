package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.Field;

/** What callers call a field; Java does not allow every name, {@code notify} for one. */
final class WireName {

  private WireName() {}

  static String of(Field field) {
    JsonProperty name = field.getAnnotation(JsonProperty.class);
    return name == null || name.value().isEmpty() ? field.getName() : name.value();
  }

  static String of(Class<?> type, String field) {
    try {
      return of(type.getDeclaredField(field));
    } catch (NoSuchFieldException e) {
      return field;
    }
  }
}
