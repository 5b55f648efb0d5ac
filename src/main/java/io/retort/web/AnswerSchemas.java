package io.retort.web;

import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells clients which fields of an answer are always there and which may be null, as the records'
 * own types say. Requests are left alone: most of their fields have defaults.
 */
@Component
class AnswerSchemas implements ModelConverter {

  @Override
  public @Nullable Schema<?> resolve(
      AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
    if (!chain.hasNext()) {
      return null;
    }
    Schema<?> schema = chain.next().resolve(type, context, chain);
    JavaType javaType = Json.mapper().constructType(type.getType());
    Class<?> raw = javaType == null ? null : javaType.getRawClass();
    if (schema != null && raw != null && isAnswer(raw)) {
      Schema<?> model =
          schema.get$ref() == null ? schema : context.getDefinedModels().get(name(schema));
      if (model != null && model.getProperties() != null) {
        describe(raw, model);
      }
    }
    return schema;
  }

  private static boolean isAnswer(Class<?> type) {
    return type.isRecord()
        && type.getPackageName().startsWith("io.retort")
        && !type.getPackageName().equals("io.retort.spec")
        && !type.getSimpleName().endsWith("Form");
  }

  private static void describe(Class<?> record, Schema<?> model) {
    List<String> required = new ArrayList<>();
    for (RecordComponent component : record.getRecordComponents()) {
      Schema<?> property = (Schema<?>) model.getProperties().get(component.getName());
      if (property != null) {
        required.add(component.getName());
        if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
          model.getProperties().put(component.getName(), orNull(property));
        }
      }
    }
    model.setRequired(required);
  }

  /** A reference takes no type beside it, so null becomes an alternative to it. */
  private static Schema<?> orNull(Schema<?> property) {
    if (property.getAnyOf() != null) {
      return property;
    }
    if (property.get$ref() == null) {
      property.addType("null");
      return property;
    }
    Schema<Object> reference = new Schema<>().$ref(property.get$ref());
    Schema<Object> nothing = new Schema<>();
    nothing.addType("null");
    Schema<Object> either = new Schema<>();
    either.setDescription(property.getDescription());
    either.setAnyOf(List.of(reference, nothing));
    return either;
  }

  private static String name(Schema<?> reference) {
    return reference.get$ref().substring(reference.get$ref().lastIndexOf('/') + 1);
  }
}
