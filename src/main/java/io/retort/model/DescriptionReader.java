package io.retort.model;

import io.retort.spec.SpecReader;
import io.retort.spec.Violation;
import java.util.HashSet;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;

/** Reads and checks {@code retort.json} as if a stranger had written it. */
final class DescriptionReader {

  private static final int MAX_COLUMNS = 16_000_000;
  private static final int MAX_CLASSES = 100_000;

  private static final ObjectReader READER =
      SpecReader.mapper()
          .readerFor(ModelDescription.class)
          .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .with(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  private DescriptionReader() {}

  static ModelDescription read(byte[] json) {
    ModelDescription description;
    try {
      description = READER.readValue(json);
    } catch (JacksonException | NullPointerException | IllegalArgumentException e) {
      throw ModelException.damaged("its description cannot be read");
    }
    if (description == null || description.model() == null || description.parameters() == null) {
      throw ModelException.damaged("its description is not complete");
    }
    if (description.formatVersion() != ModelDescription.VERSION) {
      throw ModelException.damaged(
          "its format version is %d, and this Retort reads %d"
              .formatted(description.formatVersion(), ModelDescription.VERSION));
    }
    check(description.model());
    return description;
  }

  private static void check(ModelDefinition model) {
    if (model.architecture() == null) {
      throw ModelException.damaged("it names no architecture");
    }
    List<Violation> violations = SpecReader.ranges(model.architecture());
    if (!violations.isEmpty()) {
      Violation v = violations.get(0);
      throw ModelException.damaged("its architecture" + v.pointer() + " " + v.message());
    }
    checkShape(model.inputShape());
    checkClasses(model.classes());
    checkScaling(model);
  }

  private static void checkShape(List<Integer> shape) {
    long columns = 1;
    for (int side : shape) {
      if (side < 1 || side > MAX_COLUMNS || (columns *= side) > MAX_COLUMNS) {
        throw ModelException.damaged("its input shape " + shape + " is out of range");
      }
    }
    if (shape.isEmpty() || shape.size() > 3) {
      throw ModelException.damaged("its input shape has " + shape.size() + " dimensions");
    }
  }

  private static void checkClasses(List<String> classes) {
    if (classes.size() < 2 || classes.size() > MAX_CLASSES) {
      throw ModelException.damaged("it has " + classes.size() + " classes");
    }
    if (new HashSet<>(classes).size() < classes.size()
        || classes.stream().anyMatch(String::isBlank)) {
      throw ModelException.damaged("its class names are not distinct");
    }
  }

  private static void checkScaling(ModelDefinition model) {
    FeatureScaling scaling = model.scaling();
    if (scaling == null) {
      return;
    }
    boolean sound =
        scaling.mean().size() == model.columns()
            && scaling.mean().stream().allMatch(Float::isFinite)
            && scaling.deviation().stream().allMatch(d -> Float.isFinite(d) && d > 0);
    if (!sound) {
      throw ModelException.damaged("its feature scaling does not fit its input");
    }
  }
}
