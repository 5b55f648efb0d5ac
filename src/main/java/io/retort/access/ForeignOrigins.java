package io.retort.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsProcessor;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;

/**
 * Lets web pages of the listed origins call the service, and turns those of all others away: not
 * only their preflights, but also the forms and uploads that a browser sends without one.
 */
final class ForeignOrigins {

  private ForeignOrigins() {}

  static CorsFilter filter(List<String> allowed, TurnedAway turnedAway) {
    CorsConfiguration rules = new CorsConfiguration();
    rules.setAllowedOrigins(allowed);
    rules.setAllowedMethods(List.of("GET", "HEAD", "POST", "DELETE"));
    rules.setAllowedHeaders(
        List.of(
            HttpHeaders.AUTHORIZATION,
            HttpHeaders.CONTENT_TYPE,
            HttpHeaders.RANGE,
            HttpHeaders.IF_NONE_MATCH,
            "Idempotency-Key",
            "Last-Event-ID"));
    rules.setExposedHeaders(
        List.of(HttpHeaders.LOCATION, HttpHeaders.ETAG, HttpHeaders.RETRY_AFTER));
    UrlBasedCorsConfigurationSource everywhere = new UrlBasedCorsConfigurationSource();
    everywhere.registerCorsConfiguration("/**", rules);
    CorsFilter filter = new CorsFilter(everywhere);
    filter.setCorsProcessor(processor(turnedAway));
    return filter;
  }

  /** Spring's own, but answering with a problem. */
  private static CorsProcessor processor(TurnedAway turnedAway) {
    DefaultCorsProcessor rules = new DefaultCorsProcessor();
    return (@Nullable CorsConfiguration configuration,
        HttpServletRequest request,
        HttpServletResponse response) -> {
      if (CorsUtils.isCorsRequest(request) && !isAllowed(configuration, request)) {
        refuse(turnedAway, request, response);
        return false;
      }
      return rules.processRequest(configuration, request, response);
    };
  }

  private static boolean isAllowed(
      @Nullable CorsConfiguration configuration, HttpServletRequest request) {
    return configuration != null
        && configuration.checkOrigin(request.getHeader(HttpHeaders.ORIGIN)) != null;
  }

  private static void refuse(
      TurnedAway turnedAway, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    turnedAway.foreignOrigin(request, response);
  }
}
