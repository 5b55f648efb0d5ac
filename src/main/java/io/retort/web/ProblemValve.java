package io.retort.web;

import io.retort.spec.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers with a problem what Tomcat refuses before Spring sees it, such as a path that is no URI.
 * Public because Tomcat makes it by name.
 */
public final class ProblemValve extends ErrorReportValve {

  private static final JsonMapper JSON = new JsonMapper();

  @Override
  protected void report(Request request, Response response, @Nullable Throwable failure) {
    HttpStatus status = HttpStatus.resolve(response.getStatus());
    if (status == null
        || !status.isError()
        || response.getContentWritten() > 0
        || !response.setErrorReported()) {
      return;
    }
    Problem problem =
        Problems.of(
            status,
            RefusedRequest.code(status),
            "The request is not valid HTTP: look at its path, query and headers.",
            null,
            List.of());
    try {
      response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
      response.setCharacterEncoding(StandardCharsets.UTF_8.name());
      response.getReporter().write(JSON.writeValueAsString(problem));
      response.finishResponse();
    } catch (IOException callerHungUp) {
      container.getLogger().debug("Nobody to report to", callerHungUp);
    }
  }
}
