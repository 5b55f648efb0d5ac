package io.retort.worker;

import io.retort.job.RunLog;
import io.retort.job.Runs;
import io.retort.job.Runs.Lease;
import io.retort.registry.Models;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** The runs of this process, and the watch over them. */
@Component
@WorkerOnly
class LiveRuns implements DisposableBean {

  private static final int LOOK_MILLIS = 300;
  private static final int FLUSH_MILLIS = 500;
  private static final int CALL_MILLIS = 1_000;
  private static final int BRING_MILLIS = 5_000;

  private static final Logger LOG = LoggerFactory.getLogger(LiveRuns.class);

  private final Runs all;
  private final RunLog log;
  private final Models models;
  private final Helpers helpers;
  private final WorkerSettings settings;
  private final MemoryBudget memory;
  private final Clock clock;
  private final Set<LiveRun> runs = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService watch =
      Executors.newScheduledThreadPool(2, work -> daemon(work, "run-watch"));

  /** What may wait long for another service must not keep the watch from its looks. */
  private final ScheduledExecutorService slow =
      Executors.newScheduledThreadPool(2, work -> daemon(work, "run-checkpoints"));

  private volatile boolean closing;

  LiveRuns(
      Runs runs,
      RunLog log,
      Models models,
      Helpers helpers,
      WorkerSettings settings,
      MemoryBudget memory,
      Clock clock) {
    this.all = runs;
    this.log = log;
    this.models = models;
    this.helpers = helpers;
    this.settings = settings;
    this.memory = memory;
    this.clock = clock;
  }

  /** Watches a run while the work goes on. */
  <T> T during(Lease lease, Path directory, JobCheckpoints checkpoints, Function<LiveRun, T> work) {
    LiveRun run =
        new LiveRun(lease, directory, checkpoints, settings, all, log, models, memory, clock);
    runs.add(run);
    if (closing) {
      run.stop();
    }
    ScheduledFuture<?> looks = every(LOOK_MILLIS, run::look);
    ScheduledFuture<?> flushes = every(FLUSH_MILLIS, run::flush);
    ScheduledFuture<?> calls = every(CALL_MILLIS, () -> callIfHelpIsWanted(run));
    ScheduledFuture<?> brings =
        slow.scheduleWithFixedDelay(
            checkpoints::bring, BRING_MILLIS, BRING_MILLIS, TimeUnit.MILLISECONDS);
    try {
      return work.apply(run);
    } finally {
      brings.cancel(false);
      calls.cancel(false);
      looks.cancel(false);
      flushes.cancel(false);
      runs.remove(run);
    }
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  private void callIfHelpIsWanted(LiveRun run) {
    if (run.wantsHelp()) {
      try {
        helpers.call(run.lease().job());
      } catch (DataAccessException | TransactionException e) {
        LOG.debug("Help is called later", e);
      }
    }
  }

  private ScheduledFuture<?> every(int millis, Runnable work) {
    return watch.scheduleWithFixedDelay(work, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** First of all that happens on a stop, while database and queue are still there. */
  @EventListener
  @Order(Ordered.HIGHEST_PRECEDENCE)
  void stop(ContextClosedEvent closed) {
    closing = true;
    runs.forEach(LiveRun::stop);
  }

  boolean closing() {
    return closing;
  }

  @Override
  public void destroy() {
    watch.shutdownNow();
    slow.shutdownNow();
  }
}
