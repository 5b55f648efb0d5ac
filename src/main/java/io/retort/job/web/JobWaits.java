package io.retort.job.web;

import io.retort.access.Tenants;
import io.retort.job.Job;
import io.retort.job.JobDesk;
import io.retort.job.JobSearch;
import io.retort.spec.RetortException;
import io.retort.web.RequestException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * Callers who wait for the end of a job. None of them holds a thread: one query for all of them,
 * several times a second, finds who may be answered.
 */
@Component
class JobWaits implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(JobWaits.class);
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final int LOOK_MILLIS = 200;

  private final JobDesk desk;
  private final JobSearch search;
  private final Clock clock;
  private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "job-waits");
            thread.setDaemon(true);
            return thread;
          });

  JobWaits(JobDesk desk, JobSearch search, Clock clock) {
    this.desk = desk;
    this.search = search;
    this.clock = clock;
    var unused =
        looks.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private record Waiter(UUID job, String tenant, DeferredResult<JobView> answer) {}

  /**
   * The job once it has ended, or as it is when the time is up.
   *
   * @param longest 0 to 60 s
   */
  DeferredResult<JobView> until(UUID id, Duration longest) {
    if (longest.isNegative() || longest.compareTo(LONGEST) > 0) {
      throw RequestException.parameter("wait", longest.toSeconds() + "s", "0s to 60s");
    }
    DeferredResult<JobView> answer = new DeferredResult<>(longest.toMillis() + 1);
    Job job = desk.find(id);
    if (job.status().isFinal() || longest.isZero()) {
      answer.setResult(JobView.of(job, clock.instant()));
      return answer;
    }
    Waiter waiter = new Waiter(id, job.tenant(), answer);
    answer.onTimeout(() -> answer(waiter));
    answer.onCompletion(() -> waiting.remove(waiter));
    waiting.add(waiter);
    return answer;
  }

  private void look() {
    try {
      if (!waiting.isEmpty()) {
        Collection<UUID> ended =
            search.ended(waiting.stream().map(Waiter::job).distinct().toList());
        waiting.stream().filter(w -> ended.contains(w.job())).forEach(this::answer);
      }
    } catch (RuntimeException e) {
      LOG.debug("Nobody can be answered while the database is away", e);
    }
  }

  private void answer(Waiter waiter) {
    try {
      Job job = Tenants.acting(waiter.tenant(), () -> desk.find(waiter.job()));
      waiter.answer().setResult(JobView.of(job, clock.instant()));
    } catch (RetortException deleted) {
      waiter.answer().setErrorResult(deleted);
    }
  }

  /** A stop must not wait for those who wait. */
  @EventListener(ContextClosedEvent.class)
  void answerAll() {
    List.copyOf(waiting).forEach(this::answer);
  }

  @Override
  public void destroy() {
    looks.shutdownNow();
  }
}
