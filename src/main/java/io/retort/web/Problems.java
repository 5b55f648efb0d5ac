package io.retort.web;

import io.retort.spec.Fault;
import io.retort.spec.Problem;
import io.retort.spec.RetortException;
import io.retort.spec.Violation;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/** Turns failures into what callers see. */
public final class Problems {

  private static final JsonMapper JSON = new JsonMapper();

  private Problems() {}

  /** Answers with a problem where Spring's controllers are not involved. */
  public static void write(HttpServletResponse response, Problem problem) throws IOException {
    response.setStatus(problem.status());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setCharacterEncoding(StandardCharsets.UTF_8.name());
    response.getWriter().write(JSON.writeValueAsString(problem));
  }

  /** A failure that the caller can do something about. */
  public static Problem of(RetortException failure, @Nullable String instance) {
    return of(
        status(failure.fault()),
        failure.code(),
        failure.getMessage(),
        instance,
        failure.violations());
  }

  /**
   * A defect of the service.
   *
   * @param errorId what the operator finds in the log; nothing else of the failure is shown
   */
  public static Problem internal(String errorId, @Nullable String instance) {
    return of(
        HttpStatus.INTERNAL_SERVER_ERROR,
        "internal_error",
        "Something went wrong inside the service. The log says more under error id "
            + errorId
            + ".",
        instance,
        List.of());
  }

  /** A failure that is no exception. */
  public static Problem of(
      HttpStatusCode status,
      String code,
      String detail,
      @Nullable String instance,
      List<Violation> errors) {
    HttpStatus known = HttpStatus.resolve(status.value());
    String title = known == null ? "Error" : known.getReasonPhrase();
    return new Problem("about:blank", title, status.value(), detail, instance, code, errors);
  }

  static HttpStatus status(Fault fault) {
    return switch (fault) {
      case REQUEST -> HttpStatus.BAD_REQUEST;
      case FORBIDDEN -> HttpStatus.FORBIDDEN;
      case MISSING -> HttpStatus.NOT_FOUND;
      case CONFLICT -> HttpStatus.CONFLICT;
      case DATA -> HttpStatus.UNPROCESSABLE_CONTENT;
      case LIMIT -> HttpStatus.TOO_MANY_REQUESTS;
      case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
      case SERVICE -> HttpStatus.INTERNAL_SERVER_ERROR;
    };
  }
}
