package io.retort.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses query parameters that an operation does not know: a typo must not pass silently. */
final class UnknownParameters implements HandlerInterceptor {

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (handler instanceof HandlerMethod method
        && method.getBeanType().isAnnotationPresent(Api.class)
        && !isMultipart(request)) {
      List<String> known = known(method);
      for (String name : request.getParameterMap().keySet()) {
        if (!known.contains(name)) {
          throw RequestException.unknown(name, known);
        }
      }
    }
    return true;
  }

  private static List<String> known(HandlerMethod method) {
    return Stream.of(method.getMethodParameters())
        .filter(p -> p.hasParameterAnnotation(RequestParam.class))
        .map(
            p -> {
              p.initParameterNameDiscovery(
                  new org.springframework.core.DefaultParameterNameDiscoverer());
              return p.getParameterName();
            })
        .filter(Objects::nonNull)
        .sorted()
        .toList();
  }

  /** Asking for the parameters of a multipart request would read it whole. */
  private static boolean isMultipart(HttpServletRequest request) {
    String type = request.getContentType();
    return type != null && type.startsWith("multipart/");
  }
}
