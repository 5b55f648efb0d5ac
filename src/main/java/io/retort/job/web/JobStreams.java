package io.retort.job.web;

import io.retort.access.QuotaException;
import io.retort.access.QuotaSettings;
import io.retort.job.Job;
import io.retort.job.JobDesk;
import io.retort.job.JobHistory;
import io.retort.job.JobSignals;
import io.retort.spec.RetortException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Callers who watch jobs. None of them holds a thread: the database's signals say whose job has
 * moved, and a few threads send what is new. Without signals every stream looks once a second.
 */
@Component
class JobStreams implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(JobStreams.class);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int SENDERS = 4;
  private static final int AWAKE_SECONDS = 15;

  private final JobDesk desk;
  private final JobHistory history;
  private final JobSignals signals;
  private final JsonMapper json;
  private final int mostOfTenant;
  private final Set<JobStream> streams = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService senders =
      Executors.newScheduledThreadPool(
          SENDERS,
          work -> {
            Thread thread = new Thread(work, "job-streams");
            thread.setDaemon(true);
            return thread;
          });

  JobStreams(
      JobDesk desk, JobHistory history, JobSignals signals, JsonMapper json, QuotaSettings quota) {
    this.desk = desk;
    this.history = history;
    this.signals = signals;
    this.json = json;
    this.mostOfTenant = quota.streams();
    var unusedLook =
        senders.scheduleWithFixedDelay(this::lookUnlessHearing, 1, 1, TimeUnit.SECONDS);
    var unusedAwake =
        senders.scheduleWithFixedDelay(
            this::stayAwake, AWAKE_SECONDS, AWAKE_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Answers with a stream of everything after the place, which ends when the job does.
   *
   * @throws QuotaException where the tenant has as many as it may
   */
  void open(Job job, StreamPlace place, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (streams.stream().filter(s -> s.tenant().equals(job.tenant())).count() >= mostOfTenant) {
      throw QuotaException.streams(mostOfTenant);
    }
    Outlet outlet = Outlet.of(request, response, LONGEST);
    JobStream stream = new JobStream(job, place, outlet, desk, history, json);
    streams.add(stream);
    signals.listen(this::moved, () -> streams.forEach(this::wake));
    outlet.open(() -> wake(stream), () -> streams.remove(stream));
  }

  private void moved(UUID job) {
    streams.stream().filter(s -> s.job().equals(job)).forEach(this::wake);
  }

  private void lookUnlessHearing() {
    if (!signals.hearing()) {
      streams.forEach(this::wake);
    }
  }

  private void wake(JobStream stream) {
    try {
      if (stream.becomesDue()) {
        senders.execute(() -> send(stream));
      }
    } catch (RejectedExecutionException stopping) {
      streams.remove(stream);
    }
  }

  private void send(JobStream stream) {
    try {
      stream.send();
    } catch (DataAccessException e) {
      LOG.debug("Sent later, when the database is back", e);
    } catch (RetortException deleted) {
      stream.end();
    } catch (IOException | IllegalStateException gone) {
      streams.remove(stream);
    }
  }

  /** Looks at every job, too: a signal may have been lost with a connection. */
  private void stayAwake() {
    for (JobStream stream : streams) {
      try {
        stream.stayAwake();
        wake(stream);
      } catch (IOException | IllegalStateException gone) {
        streams.remove(stream);
      }
    }
  }

  /** A stop must not wait for those who watch; they come back with their last id. */
  @EventListener(ContextClosedEvent.class)
  void endAll() {
    List.copyOf(streams).forEach(JobStream::end);
  }

  @Override
  public void destroy() {
    senders.shutdownNow();
  }
}
