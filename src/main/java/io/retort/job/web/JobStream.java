package io.retort.job.web;

import io.retort.access.Tenants;
import io.retort.job.Job;
import io.retort.job.JobDesk;
import io.retort.job.JobHistory;
import io.retort.job.JobHistory.EventView;
import io.retort.job.JobHistory.NumberedMetric;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** One caller who watches one job, and how much of it they have seen. */
final class JobStream {

  private static final int BATCH = 200;

  private final UUID job;
  private final String tenant;
  private final SseEmitter emitter;
  private final JobDesk desk;
  private final JobHistory history;
  private final AtomicBoolean due = new AtomicBoolean();
  private StreamPlace place;
  private @Nullable StatusView shown;

  JobStream(Job job, StreamPlace place, SseEmitter emitter, JobDesk desk, JobHistory history) {
    this.job = job.id();
    this.tenant = job.tenant();
    this.place = place;
    this.emitter = emitter;
    this.desk = desk;
    this.history = history;
  }

  UUID job() {
    return job;
  }

  /** True where nobody has yet undertaken to call {@link #send}. */
  boolean becomesDue() {
    return due.compareAndSet(false, true);
  }

  /**
   * Sends what is new. The job is read first: what it had done before it ended is then there to be
   * read, too.
   *
   * @throws IOException where the caller has gone
   */
  synchronized void send() throws IOException {
    due.set(false);
    Job now = Tenants.acting(tenant, () -> desk.find(job));
    while (sendBatch()) {
      // until all that has gathered is sent
    }
    StatusView status = StatusView.of(now);
    if (!status.equals(shown)) {
      shown = status;
      emit("status", status);
    }
    if (now.status().isFinal()) {
      emitter.complete();
    }
  }

  private boolean sendBatch() throws IOException {
    List<EventView> events = history.events(job, BATCH, place.event()).data();
    for (EventView event : events) {
      place = new StreamPlace(Long.parseLong(event.id()), place.metric());
      emit("event", event);
    }
    List<NumberedMetric> metrics = history.metricsAfter(job, place.metric(), BATCH);
    for (NumberedMetric metric : metrics) {
      place = new StreamPlace(place.event(), metric.number());
      emit("metric", metric.point());
    }
    return events.size() == BATCH || metrics.size() == BATCH;
  }

  private void emit(String name, Object data) throws IOException {
    emitter.send(
        SseEmitter.event().id(place.toString()).name(name).data(data, MediaType.APPLICATION_JSON));
  }

  /** A line that clients ignore: it keeps the connection open, and finds out who has gone. */
  synchronized void stayAwake() throws IOException {
    emitter.send(SseEmitter.event().comment(""));
  }

  synchronized void end() {
    emitter.complete();
  }
}
