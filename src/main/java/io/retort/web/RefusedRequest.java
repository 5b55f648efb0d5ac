package io.retort.web;

import io.retort.spec.Problem;
import io.retort.spec.Violation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.multipart.support.MissingServletRequestPartException;

/** Explains in the caller's words what Spring refused before a controller saw it. */
final class RefusedRequest {

  private static final Map<Integer, String> CODES =
      Map.of(
          400, "bad_request",
          404, "not_found",
          405, "method_not_allowed",
          406, "not_acceptable",
          413, "too_large",
          415, "unsupported_media_type",
          503, "unavailable");

  private RefusedRequest() {}

  static Problem explain(Exception failure, HttpStatusCode status, HttpServletRequest request) {
    String path = request.getRequestURI();
    if (failure instanceof HandlerMethodValidationException e) {
      List<Violation> violations = violations(e);
      return Problems.of(status, "invalid_parameter", sentence(violations), path, violations);
    }
    if (failure instanceof TypeMismatchException e) {
      Violation violation = mismatch(e);
      return Problems.of(
          status, "invalid_parameter", sentence(List.of(violation)), path, List.of(violation));
    }
    if (failure instanceof MissingServletRequestPartException e) {
      return missing(status, "missing_part", "The part", e.getRequestPartName(), path);
    }
    if (failure instanceof MissingServletRequestParameterException e) {
      return missing(status, "missing_parameter", "The parameter", e.getParameterName(), path);
    }
    return Problems.of(status, code(status), detail(failure, status, request), path, List.of());
  }

  /** The code of a refusal that only its status is known of. */
  static String code(HttpStatusCode status) {
    return status.is5xxServerError() && status.value() != 503
        ? "internal_error"
        : CODES.getOrDefault(status.value(), "bad_request");
  }

  private static Problem missing(
      HttpStatusCode status, String code, String what, String name, String path) {
    return Problems.of(
        status,
        code,
        what + " `" + name + "` is missing.",
        path,
        List.of(Violation.of("/" + name, "is required")));
  }

  private static String detail(
      Exception failure, HttpStatusCode status, HttpServletRequest request) {
    if (failure instanceof HttpRequestMethodNotSupportedException e) {
      return "`%s` does not go with %s; allowed: %s."
          .formatted(e.getMethod(), request.getRequestURI(), e.getSupportedHttpMethods());
    }
    if (failure instanceof HttpMediaTypeNotSupportedException e) {
      if (e.getSupportedMediaTypes().isEmpty() && request.getHeader("Content-Encoding") != null) {
        return "`Content-Encoding: %s` is not understood here; send the body as it is."
            .formatted(request.getHeader("Content-Encoding"));
      }
      return "`Content-Type: %s` is not understood here; send %s."
          .formatted(request.getContentType(), types(e.getSupportedMediaTypes()));
    }
    if (failure instanceof HttpMediaTypeNotAcceptableException e) {
      return "`Accept: %s` cannot be satisfied; this answers with %s."
          .formatted(request.getHeader("Accept"), types(e.getSupportedMediaTypes()));
    }
    if (status.value() == 413) {
      return "The upload is larger than this service takes (retort.dataset.max-upload).";
    }
    if (failure instanceof MultipartException) {
      return "The multipart body could not be read: does its Content-Type name the boundary of its"
          + " parts, are its parts few and their names of sensible length, and did it arrive whole?";
    }
    if (status.value() == 404) {
      return "There is nothing at " + request.getRequestURI() + "; see /swagger-ui.html.";
    }
    if (status.value() == 503) {
      return "The answer was not ready in time; try again.";
    }
    return "The request could not be read.";
  }

  private static String types(List<MediaType> types) {
    return types.stream().map(MediaType::toString).collect(Collectors.joining(" or "));
  }

  private static List<Violation> violations(HandlerMethodValidationException failure) {
    List<Violation> violations = new ArrayList<>();
    for (ParameterValidationResult result : failure.getParameterValidationResults()) {
      String pointer = "/" + result.getMethodParameter().getParameterName();
      result
          .getResolvableErrors()
          .forEach(
              e ->
                  violations.add(
                      new Violation(
                          pointer,
                          String.valueOf(e.getDefaultMessage()),
                          result.getArgument(),
                          null)));
    }
    return violations;
  }

  private static Violation mismatch(TypeMismatchException failure) {
    String name =
        failure instanceof MethodArgumentTypeMismatchException e
            ? e.getName()
            : String.valueOf(failure.getPropertyName());
    Class<?> type = element(failure);
    return new Violation(
        "/" + name,
        "must be " + ParameterRules.expected(failure, type),
        String.valueOf(failure.getValue()),
        allowed(type));
  }

  /** The type of the parameter, or of its elements where it is a list. */
  private static @Nullable Class<?> element(TypeMismatchException failure) {
    Class<?> type = failure.getRequiredType();
    return type == List.class && failure instanceof MethodArgumentTypeMismatchException e
        ? ResolvableType.forMethodParameter(e.getParameter()).getGeneric(0).resolve()
        : type;
  }

  private static @Nullable List<String> allowed(@Nullable Class<?> type) {
    return type != null && type.isEnum() ? WireNames.of(type) : null;
  }

  private static String sentence(List<Violation> violations) {
    return violations.stream()
        .map(
            v ->
                "Parameter `%s` is `%s`, but %s."
                    .formatted(v.pointer().substring(1), v.value(), v.message()))
        .collect(Collectors.joining(" "));
  }
}
