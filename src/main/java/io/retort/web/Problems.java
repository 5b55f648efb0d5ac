package io.retort.web;

import io.retort.spec.Fault;
import io.retort.spec.Problem;
import io.retort.spec.RetortException;
import io.retort.spec.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;

/** Turns failures into what callers see. */
public final class Problems {

  private Problems() {}

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

  static Problem of(
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
      case MISSING -> HttpStatus.NOT_FOUND;
      case CONFLICT -> HttpStatus.CONFLICT;
      case DATA -> HttpStatus.UNPROCESSABLE_CONTENT;
      case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
      case SERVICE -> HttpStatus.INTERNAL_SERVER_ERROR;
    };
  }
}
