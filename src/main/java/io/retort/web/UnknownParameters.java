package io.retort.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses query parameters that an operation does not know, and empty ones that could only be taken
 * for absent: a typo must not pass silently.
 */
final class UnknownParameters implements HandlerInterceptor {

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (handler instanceof HandlerMethod method
        && method.getBeanType().isAnnotationPresent(Api.class)
        && !isMultipart(request)) {
      Map<String, MethodParameter> known = known(method);
      request
          .getParameterMap()
          .forEach(
              (name, values) -> {
                MethodParameter parameter = known.get(name);
                if (parameter == null) {
                  throw RequestException.unknown(name, List.copyOf(known.keySet()));
                }
                for (String value : values) {
                  if (value.indexOf('\0') >= 0) { // PostgreSQL has no text with it
                    throw RequestException.parameter(name, value, "without NUL characters");
                  }
                }
                if (!isText(parameter) && Stream.of(values).anyMatch(String::isBlank)) {
                  throw RequestException.empty(name);
                }
              });
    }
    return true;
  }

  private static Map<String, MethodParameter> known(HandlerMethod method) {
    Map<String, MethodParameter> known = new TreeMap<>();
    for (MethodParameter parameter : method.getMethodParameters()) {
      if (parameter.hasParameterAnnotation(RequestParam.class)) {
        parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
        known.put(String.valueOf(parameter.getParameterName()), parameter);
      }
    }
    return known;
  }

  private static boolean isText(MethodParameter parameter) {
    ResolvableType type = ResolvableType.forMethodParameter(parameter);
    return type.resolve() == String.class || type.getGeneric(0).resolve() == String.class;
  }

  /** Asking for the parameters of a multipart request would read it whole. */
  private static boolean isMultipart(HttpServletRequest request) {
    String type = request.getContentType();
    return type != null && type.startsWith("multipart/");
  }
}
