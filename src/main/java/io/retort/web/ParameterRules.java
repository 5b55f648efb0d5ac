package io.retort.web;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.MethodParameter;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** Says what a parameter of a controller accepts, as the end of "must be ...". */
final class ParameterRules {

  private ParameterRules() {}

  static String expected(TypeMismatchException failure, @Nullable Class<?> type) {
    if (type == null) {
      return "of another kind";
    }
    if (type.isEnum()) {
      return "one of " + String.join(", ", WireNames.of(type));
    }
    if (type == UUID.class) {
      return "an id such as 0199f3a2-5c1e-7d2a-9c34-1b7d0a4f2e11";
    }
    if (type == Instant.class) {
      return "a time such as 2026-01-31T12:00:00Z";
    }
    if (type == Duration.class) {
      return "a duration such as 30s";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    return type == int.class || type == Integer.class || type == long.class || type == Long.class
        ? "a whole number" + range(failure)
        : "a " + type.getSimpleName();
  }

  private static String range(TypeMismatchException failure) {
    if (!(failure instanceof MethodArgumentTypeMismatchException mismatch)) {
      return "";
    }
    MethodParameter parameter = mismatch.getParameter();
    Min min = parameter.getParameterAnnotation(Min.class);
    Max max = parameter.getParameterAnnotation(Max.class);
    return (min == null ? "" : " from " + min.value()) + (max == null ? "" : " to " + max.value());
  }
}
