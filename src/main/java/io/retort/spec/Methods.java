package io.retort.spec;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What methods of distillation there are, as their records say it. */
public final class Methods {

  /** Components that choose taps; every method that reads features has them. */
  private static final Set<String> TAPS = Set.of("student", "teacher", "students", "teachers");

  private Methods() {}

  /**
   * A method as a caller sees it.
   *
   * @param type as a term of {@code objective.terms} names it
   */
  @Schema(name = "Method", description = "A method of distillation.")
  public record Description(
      @Schema(description = "`type` of the term", example = "rkd-distance") String type,
      Method.Family family,
      @Schema(
              description =
                  "Loss of a batch of B rows before its weight; s: student, t: teacher,"
                      + " p, q: their softmax")
          String formula,
      @Schema(example = "Park et al., 2019 (arXiv:1904.05068)") String paper,
      @Schema(
              description =
                  "What it reads: `logits`; `features` or `map`: one pair of taps; `maps`,"
                      + " `mapsOrFeatures`, `preactivations`: any number of pairs")
          Method.Taps taps,
      @Schema(description = "Fewest rows of a batch", example = "2") int minBatch,
      @Schema(description = "Whether it was published as a first stage, before training proper")
          boolean initialStage,
      List<Parameter> parameters) {}

  /** A field of a term. */
  @Schema(name = "MethodParameter", description = "A parameter of a method.")
  public record Parameter(
      @Schema(example = "weight") String name,
      @Schema(description = "`number`, `integer` or `boolean`", example = "number") String type,
      String description,
      @Schema(description = "Null where the data decides", example = "25")
          @Nullable String defaultValue,
      @Schema(description = "Least value; null where there is none") @Nullable String minimum,
      @Schema(description = "Whether it must be greater than `minimum`") boolean exclusive,
      @Schema(description = "Greatest value; null where there is none") @Nullable String maximum) {}

  /** All of them, by family. */
  public static List<Description> all() {
    List<Description> all = new ArrayList<>();
    for (JsonSubTypes.Type type : TermSpec.class.getAnnotation(JsonSubTypes.class).value()) {
      Method method = type.value().getAnnotation(Method.class);
      all.add(
          new Description(
              type.name(),
              method.family(),
              method.formula(),
              method.paper(),
              method.taps(),
              method.minBatch(),
              method.initialStage(),
              parameters(type.value())));
    }
    return List.copyOf(all);
  }

  /**
   * What a term's record fills in for what a caller leaves out, by field; without those that have
   * no default or an empty one.
   *
   * @param term a record that implements {@link TermSpec}
   */
  public static Map<String, Object> defaults(Class<?> term) {
    try {
      Constructor<?> constructor = term.getDeclaredConstructors()[0];
      Object filled = constructor.newInstance(new Object[constructor.getParameterCount()]);
      Map<String, Object> defaults = new HashMap<>();
      for (RecordComponent component : term.getRecordComponents()) {
        Object value = component.getAccessor().invoke(filled);
        if (value != null && !List.of().equals(value)) {
          defaults.put(component.getName(), value instanceof Double d ? decimal(d) : value);
        }
      }
      return defaults;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(term + " does not fill in all that may be left out", e);
    }
  }

  /** 25 and not 25.0. */
  private static BigDecimal decimal(Double value) {
    BigDecimal decimal = new BigDecimal(value.toString()).stripTrailingZeros();
    return decimal.scale() < 0 ? decimal.setScale(0) : decimal;
  }

  private static List<Parameter> parameters(Class<?> term) {
    Map<String, Object> defaults = defaults(term);
    return Arrays.stream(term.getRecordComponents())
        .filter(component -> !TAPS.contains(component.getName()))
        .map(component -> parameter(term, component, defaults.get(component.getName())))
        .toList();
  }

  private static Parameter parameter(
      Class<?> term, RecordComponent component, @Nullable Object fallback) {
    String type =
        component.getType() == Boolean.class
            ? "boolean"
            : component.getType() == Integer.class ? "integer" : "number";
    String description = "";
    String least = null;
    String most = null;
    boolean exclusive = false;
    for (Annotation annotation : annotations(field(term, component))) {
      if (annotation instanceof Schema schema) {
        description = schema.description();
      } else if (annotation instanceof DecimalMin min) {
        least = min.value();
        exclusive = !min.inclusive();
      } else if (annotation instanceof DecimalMax max) {
        most = max.value();
      } else if (annotation instanceof Min min) {
        least = Long.toString(min.value());
      } else if (annotation instanceof Max max) {
        most = Long.toString(max.value());
      }
    }
    return new Parameter(
        component.getName(),
        type,
        description,
        fallback == null ? null : fallback.toString(),
        least,
        exclusive,
        most);
  }

  /** Those of {@link TermFields} as what they stand for; a field's own come after them. */
  private static List<Annotation> annotations(Field field) {
    List<Annotation> all = new ArrayList<>();
    for (Annotation annotation : field.getAnnotations()) {
      if (annotation.annotationType().isAnnotationPresent(JacksonAnnotationsInside.class)) {
        all.addAll(List.of(annotation.annotationType().getAnnotations()));
      } else {
        all.add(annotation);
      }
    }
    return all;
  }

  private static Field field(Class<?> term, RecordComponent component) {
    try {
      return term.getDeclaredField(component.getName());
    } catch (NoSuchFieldException e) {
      throw new AssertionError("a record has a field for each component", e);
    }
  }
}
