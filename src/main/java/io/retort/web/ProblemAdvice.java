package io.retort.web;

import io.retort.spec.Problem;
import io.retort.spec.RetortException;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.UUID;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.apache.tomcat.util.http.fileupload.impl.FileCountLimitExceededException;
import org.apache.tomcat.util.http.fileupload.impl.SizeLimitExceededException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Answers every failure with a problem document, and shows nothing of the service's inside. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ProblemAdvice extends ResponseEntityExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);
  private static final String RETRY_SECONDS = "5";
  private static final String LIMIT_SECONDS = "30";

  @ExceptionHandler
  ResponseEntity<Object> refused(RetortException failure, HttpServletRequest request) {
    return answer(Problems.of(failure, request.getRequestURI()), new HttpHeaders());
  }

  @ExceptionHandler
  ResponseEntity<Object> tooLarge(TooLargeException failure, HttpServletRequest request) {
    return answer(
        Problems.of(
            HttpStatus.CONTENT_TOO_LARGE,
            "too_large",
            failure.getMessage(),
            request.getRequestURI(),
            List.of()),
        new HttpHeaders());
  }

  @ExceptionHandler
  ResponseEntity<Object> overtaken(
      OptimisticLockingFailureException failure, HttpServletRequest request) {
    return answer(
        Problems.of(
            HttpStatus.CONFLICT,
            "changed_meanwhile",
            "What you asked to change was changed by someone else at the same time; look again.",
            request.getRequestURI(),
            List.of()),
        new HttpHeaders());
  }

  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  @Nullable ResponseEntity<Object> databaseFailed(Exception failure, HttpServletRequest request) {
    if (!DatabaseLoss.isCauseOf(failure) && !(failure instanceof TransientDataAccessException)) {
      return unexpected(failure, request);
    }
    LOG.error("The database did not answer: {}", failure.toString());
    return answer(
        Problems.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "database_unavailable",
            "The service's database does not answer at the moment; try again in a few seconds.",
            request.getRequestURI(),
            List.of()),
        new HttpHeaders());
  }

  /**
   * A body of parts that cannot be taken apart, or parameters that no client of ours would send.
   */
  @ExceptionHandler({
    MultipartException.class,
    RequestRejectedException.class,
    InvalidParameterException.class
  })
  @Nullable ResponseEntity<Object> unreadable(Exception failure, HttpServletRequest request) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof FileSystemException) {
        return unexpected(failure, request);
      }
    }
    return answer(
        RefusedRequest.explain(failure, HttpStatus.BAD_REQUEST, request), new HttpHeaders());
  }

  /** Spring takes the number of parts and the headers of one for the size of the upload. */
  @Override
  protected @Nullable ResponseEntity<Object> handleMaxUploadSizeExceededException(
      MaxUploadSizeExceededException failure,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    Throwable cause = NestedExceptionUtils.getRootCause(failure);
    boolean odd =
        cause instanceof FileCountLimitExceededException
            || (cause instanceof SizeLimitExceededException
                && String.valueOf(cause.getMessage()).startsWith("Header"));
    return odd
        ? unreadable(
            new MultipartException("odd parts", failure),
            ((ServletWebRequest) request).getRequest())
        : super.handleMaxUploadSizeExceededException(failure, headers, status, request);
  }

  /** Nobody is told of a failure where the caller hung up, or was too slow to be waited for. */
  @ExceptionHandler
  @Nullable ResponseEntity<Object> unexpected(Throwable failure, HttpServletRequest request) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClientAbortException) {
        return null;
      }
    }
    String errorId = UUID.randomUUID().toString();
    LOG.error(
        "{} {} failed, error id {}",
        request.getMethod(),
        request.getRequestURI(),
        errorId,
        failure);
    return answer(Problems.internal(errorId, request.getRequestURI()), new HttpHeaders());
  }

  /** Everything that Spring itself refuses passes through here. */
  @Override
  protected @Nullable ResponseEntity<Object> handleExceptionInternal(
      Exception failure,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    HttpServletRequest servletRequest = ((ServletWebRequest) request).getRequest();
    if (status.is5xxServerError() && status.value() != 503) {
      return unexpected(failure, servletRequest);
    }
    return answer(RefusedRequest.explain(failure, status, servletRequest), headers);
  }

  private static ResponseEntity<Object> answer(Problem problem, HttpHeaders headers) {
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(problem.status())
            .headers(headers)
            .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (problem.status() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
      answer.header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
    }
    if (problem.status() == HttpStatus.TOO_MANY_REQUESTS.value()) {
      answer.header(HttpHeaders.RETRY_AFTER, LIMIT_SECONDS);
    }
    return answer.body(problem);
  }
}
