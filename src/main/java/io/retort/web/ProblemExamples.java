package io.retort.web;

import io.retort.spec.Problem;
import io.retort.spec.Violation;
import java.util.List;
import org.springframework.http.HttpStatusCode;

/** A typical refusal of each status, for the API description. */
final class ProblemExamples {

  private ProblemExamples() {}

  static Problem of(int status, String operation) {
    return switch (status) {
      case 400 -> badRequest(operation);
      case 401 -> problem(401, "key_required", "Send an API key: `Authorization: Bearer rt_...`.");
      case 403 -> problem(403, "missing_scope", "The key lacks the scope `jobs:write`.");
      case 404 -> problem(404, "job_not_found", "There is no job `0199f3a2-...`.");
      case 409 ->
          problem(
              409, "job_already_final", "Job 0199f3a2-... is succeeded; there is nothing left.");
      case 413 -> problem(413, "too_large", "The upload is larger than this service takes.");
      case 415 ->
          problem(
              415,
              "unsupported_media_type",
              "`Content-Type: text/plain` is not understood here; send application/json.");
      case 422 ->
          problem(
              422,
              "missing_label",
              "The dataset has no column `label`; its columns are a, b and target.");
      case 429 -> problem(429, "too_many_requests", "Try again in 2 seconds.");
      case 503 -> problem(503, "database_unavailable", "The database does not answer; try again.");
      default -> problem(status, "error", "The request was refused.");
    };
  }

  private static Problem badRequest(String operation) {
    boolean spec = "submitJob".equals(operation);
    Violation violation =
        spec
            ? new Violation("/objective/tau", "must be greater than 0", -1, null)
            : new Violation("/limit", "must be a whole number from 1 to 100", "abc", null);
    return Problems.of(
        HttpStatusCode.valueOf(400),
        spec ? "invalid_spec" : "invalid_parameter",
        spec
            ? "The request has one bad field; see `errors`."
            : "Parameter `limit` is `abc`, but must be a whole number from 1 to 100.",
        "/v1/jobs",
        List.of(violation));
  }

  private static Problem problem(int status, String code, String detail) {
    return Problems.of(HttpStatusCode.valueOf(status), code, detail, "/v1/jobs", List.of());
  }
}
