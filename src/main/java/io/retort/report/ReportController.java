package io.retort.report;

import io.retort.job.Job;
import io.retort.job.JobDesk;
import io.retort.job.JobException;
import io.retort.job.JobHistory;
import io.retort.job.JobStatus;
import io.retort.pipeline.Report;
import io.retort.spec.SpecReader;
import io.retort.web.Api;
import io.retort.web.MayFail;
import io.retort.web.RequiresScope;
import io.retort.web.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import tools.jackson.databind.JsonNode;

@Api
@RequestMapping(path = "/v1/jobs/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Jobs")
class ReportController {

  private static final String EXAMPLE =
      """
      {"verdict": "better", "pValue": 0.0081,
       "mcNemar": {"studentOnly": 138, "twinOnly": 97, "pValue": 0.0081},
       "test": {"rows": 1000, "classes": ["0", "1"]},
       "student": {"accuracy": 0.674, "agreement": 0.68, "parameters": 15210},
       "twin": {"accuracy": 0.633, "agreement": 0.63, "parameters": 15210},
       "teacher": {"accuracy": 0.921, "agreement": 1.0, "parameters": 5210}}
      """;

  private final JobDesk desk;
  private final JobHistory history;

  ReportController(JobDesk desk, JobHistory history) {
    this.desk = desk;
    this.history = history;
  }

  @GetMapping("/report")
  @RequiresScope(Scope.JOBS_READ)
  @Operation(
      operationId = "getJobReport",
      summary = "Get a job's verdict",
      description =
          "Student, twin and teacher side by side on the untouched test rows, with a McNemar test"
              + " of student against twin: `better`, `worse` or `inconclusive` at 5 %.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              schema = @Schema(implementation = Report.class),
              examples = @ExampleObject(EXAMPLE)))
  @MayFail({400, 404, 409, 503})
  Report report(@PathVariable UUID id) {
    Job job = desk.find(id);
    if (job.status() != JobStatus.SUCCEEDED) {
      throw JobException.reportNotReady(id, job.status());
    }
    JsonNode kept = history.report(id).orElseThrow(() -> JobException.noReport(id));
    // JSONB forgets the order of fields; the record knows it
    return SpecReader.mapper().treeToValue(kept, Report.class);
  }
}
