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
import tools.jackson.databind.json.JsonMapper;

/** One caller who watches one job, and how much of it they have seen. */
final class JobStream {

  private static final int BATCH = 200;

  private final UUID job;
  private final String tenant;
  private final Outlet outlet;
  private final JobDesk desk;
  private final JobHistory history;
  private final JsonMapper json;
  private final AtomicBoolean due = new AtomicBoolean();
  private StreamPlace place;
  private @Nullable StatusView shown;

  JobStream(
      Job job,
      StreamPlace place,
      Outlet outlet,
      JobDesk desk,
      JobHistory history,
      JsonMapper json) {
    this.job = job.id();
    this.tenant = job.tenant();
    this.place = place;
    this.outlet = outlet;
    this.desk = desk;
    this.history = history;
    this.json = json;
  }

  UUID job() {
    return job;
  }

  String tenant() {
    return tenant;
  }

  /** True where nobody has yet undertaken to call {@link #send}. */
  boolean becomesDue() {
    return due.compareAndSet(false, true);
  }

  /**
   * Sends what is new, as far as the caller takes it. The job is read first: what it had done
   * before it ended is then there to be read, too.
   *
   * @throws IOException where the caller has gone
   */
  synchronized void send() throws IOException {
    due.set(false);
    if (!outlet.flush()) {
      return;
    }
    Job now = Tenants.acting(tenant, () -> desk.find(job));
    boolean sent = sendHistory() && sendStatus(StatusView.of(now));
    if (outlet.flush() && sent && now.status().isFinal()) {
      outlet.end();
    }
  }

  private boolean sendHistory() throws IOException {
    List<EventView> events;
    List<NumberedMetric> metrics;
    do {
      events = history.events(job, BATCH, place.event()).data();
      for (EventView event : events) {
        if (!emit("event", event, new StreamPlace(Long.parseLong(event.id()), place.metric()))) {
          return false;
        }
      }
      metrics = history.metricsAfter(job, place.metric(), BATCH);
      for (NumberedMetric metric : metrics) {
        if (!emit("metric", metric.point(), new StreamPlace(place.event(), metric.number()))) {
          return false;
        }
      }
    } while (events.size() == BATCH || metrics.size() == BATCH);
    return true;
  }

  private boolean sendStatus(StatusView status) throws IOException {
    if (!status.equals(shown)) {
      if (!emit("status", status, place)) {
        return false;
      }
      shown = status;
    }
    return true;
  }

  private boolean emit(String name, Object data, StreamPlace after) throws IOException {
    String message =
        "id:%s\nevent:%s\ndata:%s\n\n".formatted(after, name, json.writeValueAsString(data));
    boolean taken = outlet.put(message);
    if (taken) {
      place = after;
    }
    return taken;
  }

  /** A line that clients ignore: it keeps the connection open, and finds out who has gone. */
  synchronized void stayAwake() throws IOException {
    var unused = outlet.put(":\n\n") && outlet.flush();
  }

  void end() {
    outlet.end();
  }
}
