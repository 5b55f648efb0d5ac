package io.retort.web;

import io.retort.spec.Problem;
import io.retort.web.connection.SlowClientException;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.net.SocketTimeoutException;
import java.util.List;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** The last resort: what fails outside of Spring's own handling is answered as a problem too. */
@Controller
class ErrorPage implements ErrorController {

  @RequestMapping("${server.error.path:/error}")
  ResponseEntity<Problem> answer(HttpServletRequest request) {
    Object failure = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
    if (failure instanceof SlowClientException slow) {
      HttpStatus status = slow.full() ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.BAD_REQUEST;
      return problem(status, slow.code(), String.valueOf(slow.getMessage()), request);
    }
    if (failure instanceof SocketTimeoutException) {
      return problem(
          HttpStatus.BAD_REQUEST, "too_slow", "The rest of the body never came.", request);
    }
    HttpStatus status = status(request);
    String detail =
        status.is5xxServerError()
            ? "Something went wrong inside the service; its log says more."
            : "The request could not be understood.";
    return problem(status, RefusedRequest.code(status), detail, request);
  }

  private static ResponseEntity<Problem> problem(
      HttpStatus status, String code, String detail, HttpServletRequest request) {
    Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    return ResponseEntity.status(status)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(Problems.of(status, code, detail, path == null ? null : path.toString(), List.of()));
  }

  private static HttpStatus status(HttpServletRequest request) {
    Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    HttpStatus status = code instanceof Integer i ? HttpStatus.resolve(i) : null;
    return status == null ? HttpStatus.NOT_FOUND : status;
  }
}
