package io.retort.access;

import io.retort.web.Problems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.stereotype.Component;

/** How callers are turned away before a controller sees them: with problems, as everywhere. */
@Component
class TurnedAway implements AuthenticationEntryPoint, AccessDeniedHandler {

  /** Nobody was recognised. */
  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
      throws IOException {
    boolean token = request.getHeader(HttpHeaders.AUTHORIZATION) != null;
    unauthenticated(
        request,
        response,
        token ? "unknown_key" : "key_required",
        token
            ? "The token is not known here, or has expired."
            : "This service asks for an API key: `Authorization: Bearer rt_...`.");
  }

  /** Somebody was recognised, but may not do this. */
  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException failure)
      throws IOException {
    refuse(
        request,
        response,
        HttpStatus.FORBIDDEN,
        "missing_scope",
        "The key lacks the scope for this.");
  }

  void unauthenticated(
      HttpServletRequest request, HttpServletResponse response, String code, String detail)
      throws IOException {
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"retort\"");
    refuse(request, response, HttpStatus.UNAUTHORIZED, code, detail);
  }

  void strangeHost(HttpServletRequest request, HttpServletResponse response) throws IOException {
    refuse(
        request,
        response,
        HttpStatus.FORBIDDEN,
        "unknown_host",
        "This service asks for no key and so answers only to localhost. Call it by that name, or"
            + " require keys (retort.access.keys-required).");
  }

  void foreignOrigin(HttpServletRequest request, HttpServletResponse response) throws IOException {
    refuse(
        request,
        response,
        HttpStatus.FORBIDDEN,
        "foreign_origin",
        "Web pages of other origins may not call this service (retort.access.allowed-origins).");
  }

  void databaseAway(HttpServletRequest request, HttpServletResponse response) throws IOException {
    response.setHeader(HttpHeaders.RETRY_AFTER, "5");
    refuse(
        request,
        response,
        HttpStatus.SERVICE_UNAVAILABLE,
        "database_unavailable",
        "The service's database does not answer at the moment; try again in a few seconds.");
  }

  void tooMany(HttpServletRequest request, HttpServletResponse response, long seconds)
      throws IOException {
    response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
    refuse(
        request,
        response,
        HttpStatus.TOO_MANY_REQUESTS,
        "too_many_requests",
        "Your tenant sends more requests than it may; try again in " + seconds + " s.");
  }

  private static void refuse(
      HttpServletRequest request,
      HttpServletResponse response,
      HttpStatus status,
      String code,
      String detail)
      throws IOException {
    Problems.write(response, Problems.of(status, code, detail, request.getRequestURI(), List.of()));
  }
}
