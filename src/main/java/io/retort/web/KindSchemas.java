package io.retort.web;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/**
 * Describes values of several kinds so that generated clients can tell them apart: the parent is
 * nothing but the choice, and each kind is an object of its own that says its {@code type}. What is
 * read from the records makes parent and kind refer to each other instead.
 */
@Component
class KindSchemas implements OpenApiCustomizer {

  /** The kind of an object that does not say its own, as its {@code JsonTypeInfo} has it. */
  private static final Map<String, String> FALLBACKS =
      Map.of("ScheduleSpec", "constant", "OptimizerSpec", "adam");

  @Override
  public void customise(OpenAPI api) {
    Map<String, Schema> schemas = api.getComponents().getSchemas();
    for (Map.Entry<String, Schema> named : List.copyOf(schemas.entrySet())) {
      Schema<?> parent = named.getValue();
      if (parent.getDiscriminator() != null && parent.getDiscriminator().getMapping() != null) {
        parent.setProperties(null);
        parent.setRequired(null);
        String discriminator = parent.getDiscriminator().getPropertyName();
        parent
            .getDiscriminator()
            .getMapping()
            .forEach(
                (value, reference) -> {
                  String name = reference.substring(reference.lastIndexOf('/') + 1);
                  Schema<?> found = Objects.requireNonNull(schemas.get(name), name);
                  Schema<?> kind = kind(found, discriminator, value);
                  if (value.equals(FALLBACKS.get(named.getKey()))) {
                    kind.getRequired().remove(discriminator);
                  }
                  schemas.put(name, kind);
                });
      }
    }
  }

  private static Schema<?> kind(Schema<?> found, String discriminator, String value) {
    StringSchema type = new StringSchema();
    type.addEnumItem(value);
    type.addType("string");
    Schema<?> kind = new ObjectSchema();
    kind.addType("object");
    kind.setDescription(found.getDescription());
    kind.addProperty(discriminator, type);
    List<String> required = new ArrayList<>(List.of(discriminator));
    for (Schema<?> part : parts(found)) {
      if (part.getProperties() != null) {
        part.getProperties().forEach(kind::addProperty);
      }
      if (part.getRequired() != null) {
        required.addAll(part.getRequired());
      }
    }
    kind.setRequired(required);
    return kind;
  }

  @SuppressWarnings("unchecked") // swagger-core's lists of schemas are raw
  static List<Schema<?>> parts(Schema<?> schema) {
    List<Schema<?>> parts = new ArrayList<>(List.of(schema));
    if (schema.getAllOf() != null) {
      schema.getAllOf().forEach(p -> parts.add((Schema<?>) p));
    }
    return parts;
  }
}
