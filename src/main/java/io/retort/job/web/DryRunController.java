package io.retort.job.web;

import io.retort.job.DryRun;
import io.retort.job.JobDesk;
import io.retort.spec.JobSpec;
import io.retort.spec.SpecReader;
import io.retort.web.Api;
import io.retort.web.JsonBody;
import io.retort.web.MayFail;
import io.retort.web.RequiresScope;
import io.retort.web.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;

/** Apart from jobs, as an operation with two kinds of answers is more than clients can tell. */
@Api
@Tag(name = "Jobs")
class DryRunController {

  private final JobDesk desk;

  DryRunController(JobDesk desk) {
    this.desk = desk;
  }

  @PostMapping(
      path = "/v1/dry-runs",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @RequiresScope(Scope.JOBS_WRITE)
  @Operation(
      operationId = "dryRunJob",
      summary = "Check a job",
      description =
          "Checks everything that can be known, data and teacher included, and queues nothing.",
      requestBody =
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(implementation = JobSpec.class),
                      examples = {
                        @ExampleObject(name = "distill", value = JobExamples.DISTILL),
                        @ExampleObject(name = "train", value = JobExamples.TRAIN)
                      })))
  @MayFail({400, 404, 413, 415, 422, 503})
  DryRun check(@Parameter(hidden = true) InputStream body) throws IOException {
    return desk.dryRun(SpecReader.parse(JsonBody.read(body)));
  }
}
