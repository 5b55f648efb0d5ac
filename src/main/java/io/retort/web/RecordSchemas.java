package io.retort.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JavaType;
import io.retort.spec.Methods;
import io.retort.spec.Problem;
import io.retort.spec.TermSpec;
import io.retort.spec.Violation;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells clients what the records' own types say: which fields of an answer are always there, and
 * which may be null. In a request null says the same as leaving a field out, so every field may be
 * null that is not required; a spec comes back in answers with those it was given none of as null.
 */
@Component
class RecordSchemas implements ModelConverter {

  private static final String SPECS = "io.retort.spec";

  @Override
  public @Nullable Schema<?> resolve(
      AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
    if (!chain.hasNext()) {
      return null;
    }
    Schema<?> schema = chain.next().resolve(type, context, chain);
    JavaType javaType = Json.mapper().constructType(type.getType());
    Class<?> raw = javaType == null ? null : javaType.getRawClass();
    if (schema != null
        && raw != null
        && raw.isRecord()
        && raw.getPackageName().startsWith("io.retort")) {
      Schema<?> model =
          schema.get$ref() == null ? schema : context.getDefinedModels().get(name(schema));
      if (model != null) {
        KindSchemas.parts(model).forEach(part -> describe(raw, part));
      }
    }
    return schema;
  }

  private static void describe(Class<?> record, Schema<?> model) {
    if (model.getProperties() == null) {
      return;
    }
    boolean request = isRequest(record);
    if (TermSpec.class.isAssignableFrom(record)) {
      Methods.defaults(record).forEach((name, value) -> fallback(model, name, value));
    }
    List<String> required = new ArrayList<>();
    for (RecordComponent component : record.getRecordComponents()) {
      String name = wireName(component);
      Schema<?> property = (Schema<?>) model.getProperties().get(name);
      if (property != null) {
        required.add(name);
        boolean mayBeLeftOut =
            request && (model.getRequired() == null || !model.getRequired().contains(name));
        if (mayBeLeftOut || component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
          model.getProperties().put(name, orNull(whole(property)));
        } else {
          model.getProperties().put(name, whole(property));
        }
      }
    }
    if (!request && !record.getPackageName().equals(SPECS)) {
      model.setRequired(required);
    }
  }

  private static String wireName(RecordComponent component) {
    JsonProperty given = component.getAccessor().getAnnotation(JsonProperty.class);
    return given == null || given.value().isEmpty() ? component.getName() : given.value();
  }

  private static void fallback(Schema<?> model, String name, Object value) {
    Schema<?> property = (Schema<?>) model.getProperties().get(name);
    if (property != null) {
      property.setDefault(value);
    }
  }

  /** Methods are described in the package of specs; all others there are parts of requests. */
  private static boolean isRequest(Class<?> record) {
    return record.getSimpleName().endsWith("Form")
        || (record.getPackageName().equals(SPECS)
            && (record.getEnclosingClass() == null || record.getEnclosingClass().isInterface())
            && record != Problem.class
            && record != Violation.class);
  }

  /**
   * Bean Validation matches the whole text, JSON Schema any part of it; and the default of a number
   * is one, not text.
   */
  private static Schema<?> whole(Schema<?> property) {
    if (property.getTypes() != null
        && property.getTypes().contains("number")
        && property.getDefault() instanceof String number) {
      property.setDefault(new BigDecimal(number));
    }
    String pattern = property.getPattern();
    if (pattern != null && !pattern.startsWith("^")) {
      property.setPattern("^(" + pattern + ")$");
    }
    return property;
  }

  /**
   * A reference takes no type beside it, and a list of values would have to list null, so null
   * becomes an alternative to them.
   */
  private static Schema<?> orNull(Schema<?> property) {
    if (property.getAnyOf() != null) {
      return property;
    }
    if (property.get$ref() == null && property.getEnum() == null) {
      property.addType("null");
      return property;
    }
    Schema<Object> nothing = new Schema<>();
    nothing.addType("null");
    Schema<Object> either = new Schema<>();
    either.setDescription(property.getDescription());
    if (property.getDefault() != null) {
      either.setDefault(property.getDefault());
    }
    either.setAnyOf(List.of(bare(property), nothing));
    return either;
  }

  private static Schema<?> bare(Schema<?> property) {
    if (property.get$ref() != null) {
      return new Schema<>().$ref(property.get$ref());
    }
    property.setDescription(null);
    property.setDefault(null);
    property.setDefaultSetFlag(false); // or null would be written
    return property;
  }

  private static String name(Schema<?> reference) {
    return reference.get$ref().substring(reference.get$ref().lastIndexOf('/') + 1);
  }
}
