package io.retort.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;

/** Reads enum constants of query parameters by the names they have in JSON. */
@SuppressWarnings("rawtypes") // Spring's own contract for enums
final class WireNames implements ConverterFactory<String, Enum> {

  @Override
  public <E extends Enum> Converter<String, E> getConverter(Class<E> type) {
    return text ->
        Stream.of(type.getEnumConstants())
            .filter(constant -> of(constant).equals(text.strip()))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no such " + type.getSimpleName()));
  }

  /** All names of an enum, in its order. */
  static List<String> of(Class<?> type) {
    return Stream.of(type.getEnumConstants()).map(c -> of((Enum) c)).toList();
  }

  private static String of(Enum constant) {
    try {
      JsonProperty property =
          constant.getDeclaringClass().getField(constant.name()).getAnnotation(JsonProperty.class);
      return property == null ? constant.name() : property.value();
    } catch (NoSuchFieldException e) {
      throw new AssertionError(e);
    }
  }
}
