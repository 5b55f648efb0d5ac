package io.retort.job.web;

import io.retort.job.Job;
import io.retort.job.JobDesk;
import io.retort.job.JobSearch;
import io.retort.job.JobStatus;
import io.retort.spec.JobSpec;
import io.retort.spec.JobType;
import io.retort.spec.SpecReader;
import io.retort.web.Api;
import io.retort.web.CursorPage;
import io.retort.web.JsonBody;
import io.retort.web.MayFail;
import io.retort.web.RequestException;
import io.retort.web.RequiresScope;
import io.retort.web.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.context.request.async.DeferredResult;
import tools.jackson.databind.JsonNode;

@Api
@RequestMapping(path = "/v1/jobs", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Jobs", description = "Submit, follow and end jobs.")
class JobController {

  private final JobDesk desk;
  private final JobSearch search;
  private final JobWaits waits;
  private final Clock clock;

  JobController(JobDesk desk, JobSearch search, JobWaits waits, Clock clock) {
    this.desk = desk;
    this.search = search;
    this.waits = waits;
    this.clock = clock;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @RequiresScope(Scope.JOBS_WRITE)
  @Operation(
      operationId = "submitJob",
      summary = "Submit a job",
      description =
          "Queues a job and answers at once; follow it at its `Location`. With `?dryRun=true` it"
              + " answers as `POST /v1/dry-runs` does.",
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
  @ApiResponse(
      responseCode = "202",
      description = "Queued",
      content = @Content(schema = @Schema(implementation = JobView.class)))
  @MayFail({400, 404, 409, 413, 415, 422, 503})
  ResponseEntity<?> submit(
      @Parameter(hidden = true) InputStream body,
      @Parameter(
              description =
                  "Makes a repeated request safe: the same key with the same body answers the same"
                      + " job, with another body 409. Kept as long as the job is.",
              example = "7c3f1f0e-order-17")
          @RequestHeader(name = "Idempotency-Key", required = false)
          @Size(min = 1, max = 255)
          @Nullable String key,
      // not in the description: generated clients take an operation to have one answer
      @Parameter(hidden = true) @RequestParam(defaultValue = "false") boolean dryRun)
      throws IOException {
    JsonNode posted = SpecReader.parse(JsonBody.read(body));
    if (dryRun) {
      return ResponseEntity.ok(desk.dryRun(posted));
    }
    Job job = desk.submit(posted, key);
    return ResponseEntity.accepted().location(URI.create("/v1/jobs/" + job.id())).body(view(job));
  }

  @GetMapping
  @RequiresScope(Scope.JOBS_READ)
  @Operation(
      operationId = "listJobs",
      summary = "List jobs",
      description = "Newest first; filters are combined with and.")
  @MayFail({400, 503})
  CursorPage<JobView> list(
      @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
      @Parameter(description = "`nextCursor` of the page before") @RequestParam(required = false)
          @Nullable UUID after,
      @Parameter(description = "Any of these") @RequestParam(required = false)
          @Nullable List<JobStatus> status,
      @RequestParam(required = false) @Nullable JobType type,
      @Parameter(description = "Exactly this name") @RequestParam(required = false)
          @Nullable String name,
      @Parameter(description = "All of these, as `key:value`", example = "team:search")
          @RequestParam(required = false)
          @Nullable List<String> label,
      @RequestParam(required = false) @Nullable Instant createdAfter,
      @RequestParam(required = false) @Nullable Instant createdBefore) {
    JobSearch.Filter filter =
        new JobSearch.Filter(
            status == null ? List.of() : status,
            type,
            name,
            labels(label == null ? List.of() : label),
            createdAfter,
            createdBefore);
    CursorPage<Job> page = search.page(filter, limit, after);
    return new CursorPage<>(
        page.data().stream().map(this::view).toList(), page.hasMore(), page.nextCursor());
  }

  @GetMapping("/{id}")
  @RequiresScope(Scope.JOBS_READ)
  @Operation(
      operationId = "getJob",
      summary = "Get a job",
      description =
          "With `wait` the answer is held back until the job has ended or the time is up,"
              + " whichever comes first.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = JobView.class)))
  @MayFail({400, 404, 503})
  DeferredResult<JobView> get(
      @PathVariable UUID id,
      @Parameter(
              description = "0s to 60s",
              schema = @Schema(type = "string", defaultValue = "0s", example = "30s"))
          @RequestParam(defaultValue = "0s")
          @DurationFormat(
              style = DurationFormat.Style.SIMPLE,
              defaultUnit = DurationFormat.Unit.SECONDS)
          Duration wait) {
    return waits.until(id, wait);
  }

  @PostMapping("/{id}/cancel")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @RequiresScope(Scope.JOBS_WRITE)
  @Operation(
      operationId = "cancelJob",
      summary = "Cancel a job",
      description =
          "A queued job ends at once, a running one within a second. May be repeated: a job that"
              + " is being cancelled or was cancelled stays as it is.")
  @MayFail({400, 404, 409, 503})
  JobView cancel(@PathVariable UUID id) {
    return view(desk.cancel(id));
  }

  @PostMapping("/{id}/pause")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @RequiresScope(Scope.JOBS_WRITE)
  @Operation(
      operationId = "pauseJob",
      summary = "Pause a job",
      description =
          "A queued job is paused at once; a running one is `pausing` until it has kept its state,"
              + " then `paused`. May be repeated.")
  @MayFail({400, 404, 409, 503})
  JobView pause(@PathVariable UUID id) {
    return view(desk.pause(id));
  }

  @PostMapping("/{id}/resume")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @RequiresScope(Scope.JOBS_WRITE)
  @Operation(
      operationId = "resumeJob",
      summary = "Resume a paused job",
      description =
          "It goes back into the queue and then on from where it was. A job that is still"
              + " `pausing` answers 409: wait until it is `paused`. May be repeated.")
  @MayFail({400, 404, 409, 503})
  JobView resume(@PathVariable UUID id) {
    return view(desk.resume(id));
  }

  @DeleteMapping(path = "/{id}", produces = MediaType.ALL_VALUE)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @RequiresScope(Scope.JOBS_WRITE)
  @Operation(
      operationId = "deleteJob",
      summary = "Delete a job",
      description =
          "With its events, metrics and artifacts; models that it made stay in the registry. Only"
              + " once it has ended.")
  @MayFail({400, 404, 409, 503})
  void delete(@PathVariable UUID id) {
    desk.delete(id);
  }

  private JobView view(Job job) {
    return JobView.of(job, clock.instant());
  }

  private static Map<String, String> labels(List<String> pairs) {
    return pairs.stream()
        .map(pair -> pair.split(":", 2))
        .collect(
            Collectors.toMap(
                kv -> kv[0],
                kv -> {
                  if (kv.length < 2) {
                    throw RequestException.parameter(
                        "label", kv[0], "a key and a value with a colon between them");
                  }
                  return kv[1];
                },
                (first, second) -> second));
  }
}
