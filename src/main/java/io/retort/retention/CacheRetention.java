package io.retort.retention;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.micrometer.core.instrument.MeterRegistry;
import io.retort.chore.Chore;
import io.retort.dataset.Datasets;
import io.retort.job.OldJobs;
import io.retort.targets.SoftTargetStore;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Removes what was computed once and could be computed again, when no job has read it for long. */
@Component
class CacheRetention implements Chore {

  private static final Logger LOG = LoggerFactory.getLogger(CacheRetention.class);

  private final RetentionSettings settings;
  private final OldJobs jobs;
  private final SoftTargetStore targets;
  private final Datasets datasets;
  private final MeterRegistry meters;
  private final Clock clock;

  CacheRetention(
      RetentionSettings settings,
      OldJobs jobs,
      SoftTargetStore targets,
      Datasets datasets,
      MeterRegistry meters,
      Clock clock) {
    this.settings = settings;
    this.jobs = jobs;
    this.targets = targets;
    this.datasets = datasets;
    this.meters = meters;
    this.clock = clock;
  }

  @Override
  public Task<?> task() {
    return Tasks.recurring("cache-retention", FixedDelay.of(settings.every()))
        .execute((instance, context) -> sweep());
  }

  void sweep() {
    if (settings.softTargets() != null) {
      tell("soft targets", targets.removeUnused(before(settings.softTargets())));
    }
    sweepShared();
    tell("prepared datasets", datasets.removeUnused(before(settings.preparedDatasets())));
  }

  private void sweepShared() {
    Instant since = settings.softTargets() == null ? Instant.MIN : before(settings.softTargets());
    try {
      tell(
          "shared soft targets",
          targets.removeShared(since, settings.sharedSoftTargets().toBytes()));
    } catch (UncheckedIOException e) {
      LOG.warn("Soft targets in the bucket are swept the next time: {}", e.toString());
    }
  }

  /** What a job has read that has not ended, a paused one too, was used after it was made. */
  private Instant before(Duration age) {
    Instant old = clock.instant().minus(age);
    return jobs.oldestLive().filter(live -> live.isBefore(old)).orElse(old);
  }

  private void tell(String what, int count) {
    if (count > 0) {
      LOG.info("Retention removed {} {}", count, what);
      meters.counter("retort.retention.removed", "what", what).increment(count);
    }
  }
}
