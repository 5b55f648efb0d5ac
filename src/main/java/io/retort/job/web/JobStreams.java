package io.retort.job.web;

import io.retort.job.Job;
import io.retort.job.JobDesk;
import io.retort.job.JobHistory;
import io.retort.job.JobSignals;
import io.retort.spec.RetortException;
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
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

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
  private final Set<JobStream> streams = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService senders =
      Executors.newScheduledThreadPool(
          SENDERS,
          work -> {
            Thread thread = new Thread(work, "job-streams");
            thread.setDaemon(true);
            return thread;
          });

  JobStreams(JobDesk desk, JobHistory history, JobSignals signals) {
    this.desk = desk;
    this.history = history;
    this.signals = signals;
    var unusedLook =
        senders.scheduleWithFixedDelay(this::lookUnlessHearing, 1, 1, TimeUnit.SECONDS);
    var unusedAwake =
        senders.scheduleWithFixedDelay(
            this::stayAwake, AWAKE_SECONDS, AWAKE_SECONDS, TimeUnit.SECONDS);
  }

  /** A stream of everything after the place, which ends when the job does. */
  SseEmitter open(Job job, StreamPlace place) {
    SseEmitter emitter = new SseEmitter(LONGEST.toMillis());
    JobStream stream = new JobStream(job, place, emitter, desk, history);
    emitter.onCompletion(() -> streams.remove(stream));
    emitter.onTimeout(stream::end);
    emitter.onError(failure -> streams.remove(stream));
    streams.add(stream);
    signals.listen(this::moved, () -> streams.forEach(this::wake));
    wake(stream);
    return emitter;
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
