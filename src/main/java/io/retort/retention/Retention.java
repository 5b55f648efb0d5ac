package io.retort.retention;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.micrometer.core.instrument.MeterRegistry;
import io.retort.artifact.Artifacts;
import io.retort.artifact.ContentStore;
import io.retort.chore.Chore;
import io.retort.job.JobRemoval;
import io.retort.job.OldJobs;
import io.retort.registry.RegistryKind;
import io.retort.registry.RegistryRemoval;
import java.time.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Removes what the settings no longer want, oldest first, in one process at a time. */
@Component
class Retention implements Chore {

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  private final RetentionSettings settings;
  private final OldJobs oldJobs;
  private final JobRemoval jobs;
  private final Artifacts artifacts;
  private final ContentStore contents;
  private final RegistryRemoval registry;
  private final MeterRegistry meters;
  private final Clock clock;

  Retention(
      RetentionSettings settings,
      OldJobs oldJobs,
      JobRemoval jobs,
      Artifacts artifacts,
      ContentStore contents,
      RegistryRemoval registry,
      MeterRegistry meters,
      Clock clock) {
    this.settings = settings;
    this.oldJobs = oldJobs;
    this.jobs = jobs;
    this.artifacts = artifacts;
    this.contents = contents;
    this.registry = registry;
    this.meters = meters;
    this.clock = clock;
  }

  @Override
  public Task<?> task() {
    return Tasks.recurring("retention", FixedDelay.of(settings.every()))
        .execute((instance, context) -> sweep());
  }

  void sweep() {
    Sweep sweep = new Sweep(clock);
    sweep.older(settings.jobs(), "jobs", oldJobs::endedBefore, jobs::remove);
    sweep.older(
        settings.artifacts(), "artifacts", oldJobs::withFilesEndedBefore, artifacts::removeOf);
    older(sweep, settings.models(), RegistryKind.MADE_MODEL, "models");
    older(sweep, settings.uploadedModels(), RegistryKind.UPLOADED_MODEL, "uploaded models");
    older(sweep, settings.datasets(), RegistryKind.DATASET, "datasets");
    if (settings.maxBytes() != null) {
      makeRoom(sweep, settings.maxBytes().toBytes());
    }
    tell(sweep);
  }

  private void older(Sweep sweep, @Nullable Duration age, RegistryKind kind, String what) {
    sweep.older(
        age,
        what,
        (time, limit) -> registry.unusedBefore(kind, time, limit),
        id -> registry.remove(kind, id));
  }

  /** What users uploaded stays, however much it is. */
  private void makeRoom(Sweep sweep, long maxBytes) {
    BooleanSupplier tooMuch = () -> contents.bytes() > maxBytes;
    sweep.whilst(tooMuch, "artifacts", oldJobs::withFilesEndedBefore, artifacts::removeOf);
    sweep.whilst(
        tooMuch,
        "models",
        (time, limit) -> registry.unusedBefore(RegistryKind.MADE_MODEL, time, limit),
        id -> registry.remove(RegistryKind.MADE_MODEL, id));
    if (tooMuch.getAsBoolean()) {
      LOG.warn(
          "{} bytes are kept, more than retort.retention.max-bytes; the rest was uploaded or is in use",
          contents.bytes());
    }
  }

  private void tell(Sweep sweep) {
    if (!sweep.removed().isEmpty()) {
      LOG.info("Retention removed {}", sweep.removed());
    }
    sweep
        .removed()
        .forEach(
            (what, count) ->
                meters.counter("retort.retention.removed", "what", what).increment(count));
  }
}
