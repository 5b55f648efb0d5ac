package io.retort.job.web;

import io.retort.job.JobDesk;
import io.retort.job.JobHistory;
import io.retort.job.JobHistory.EventView;
import io.retort.job.JobHistory.MetricView;
import io.retort.web.Api;
import io.retort.web.CursorPage;
import io.retort.web.MayFail;
import io.retort.web.RequiresScope;
import io.retort.web.Scope;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

@Api
@RequestMapping(path = "/v1/jobs/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Jobs")
class HistoryController {

  private final JobDesk desk;
  private final JobHistory history;
  private final JobStreams streams;

  HistoryController(JobDesk desk, JobHistory history, JobStreams streams) {
    this.streams = streams;
    this.desk = desk;
    this.history = history;
  }

  @GetMapping("/events")
  @RequiresScope(Scope.JOBS_READ)
  @Operation(
      operationId = "listJobEvents",
      summary = "List what happened in a job",
      description =
          "In the order in which it happened. With `Accept: text/event-stream` a live stream of"
              + " `event`, `metric` and `status` messages that ends when the job does;"
              + " `Last-Event-ID` continues it.")
  @MayFail({400, 404, 503})
  CursorPage<EventView> events(
      @PathVariable UUID id,
      @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
      @Parameter(description = "`nextCursor` of the page before, or the id of an event")
          @RequestParam(defaultValue = "0")
          @Min(0)
          long after,
      @Parameter(hidden = true) @RequestHeader(name = "Last-Event-ID", required = false)
          @Nullable String lastEventId) {
    desk.find(id);
    var unused = StreamPlace.of(lastEventId); // refused alike, list or stream
    return history.events(id, limit, after);
  }

  @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  @RequiresScope(Scope.JOBS_READ)
  @Hidden // described with the list, by StreamDescription
  void stream(
      @PathVariable UUID id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    streams.open(desk.find(id), StreamPlace.of(lastEventId), request, response);
  }

  @GetMapping("/metrics")
  @RequiresScope(Scope.JOBS_READ)
  @Operation(
      operationId = "listJobMetrics",
      summary = "List a job's metrics",
      description =
          "All points at once, in the order in which they were measured: losses and accuracies per"
              + " epoch of teacher, twin and student. `maxPoints` thins each series evenly and"
              + " keeps its first and last point.")
  @MayFail({400, 404, 503})
  CursorPage<MetricView> metrics(
      @PathVariable UUID id,
      @Parameter(description = "Only these; all when left out", example = "student.loss")
          @RequestParam(required = false)
          @Nullable List<String> series,
      @Parameter(description = "At most this many points a series")
          @RequestParam(defaultValue = "1000")
          @Min(2)
          @Max(100_000)
          int maxPoints) {
    desk.find(id);
    List<MetricView> points = history.metrics(id, series == null ? List.of() : series, maxPoints);
    return new CursorPage<>(points, false, null);
  }
}
