package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  private static List<Parameter> parameters(Class<?> term) {
    return Arrays.stream(term.getRecordComponents())
        .filter(component -> !TAPS.contains(component.getName()))
        .map(component -> parameter(term, component))
        .toList();
  }

  private static Parameter parameter(Class<?> term, RecordComponent component) {
    Schema schema = schema(term, component);
    String type =
        component.getType() == Boolean.class
            ? "boolean"
            : component.getType() == Integer.class ? "integer" : "number";
    return new Parameter(
        component.getName(),
        type,
        schema.description(),
        orNull(schema.defaultValue()),
        orNull(schema.minimum()),
        schema.exclusiveMinimum(),
        orNull(schema.maximum()));
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static Schema schema(Class<?> term, RecordComponent component) {
    try {
      return term.getDeclaredField(component.getName()).getAnnotation(Schema.class);
    } catch (NoSuchFieldException e) {
      throw new AssertionError("a record has a field for each component", e);
    }
  }
}
