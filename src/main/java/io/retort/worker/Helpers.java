package io.retort.worker;

import io.retort.access.Tenants;
import io.retort.artifact.SharedFiles;
import io.retort.job.HelpQueue;
import io.retort.job.Runs;
import io.retort.job.Runs.Lease;
import io.retort.registry.Models;
import io.retort.spec.Cancellation.CancelledException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/**
 * Has free slots take part in the long labellings of others. The owner of a job calls, depends on
 * nobody, and finds whatever helpers wrote in the store of soft targets that they share; so only
 * workers on the job's data directory help, or all where there is a bucket.
 */
@Component
@WorkerOnly
class Helpers {

  private static final Logger LOG = LoggerFactory.getLogger(Helpers.class);
  private static final int MOST = 32;

  private final LabellingHelp engine;
  private final SharedFiles shared;
  private final HelpQueue queue;
  private final Workers workers;
  private final Models models;
  private final Runs runs;
  private final MemoryBudget memory;
  private final WorkerSettings settings;
  private final WorkDirectories directories;
  private final CheckpointDirectories checkpoints;
  private final Clock clock;

  Helpers(
      LabellingHelp engine,
      SharedFiles shared,
      HelpQueue queue,
      Workers workers,
      Models models,
      Runs runs,
      MemoryBudget memory,
      WorkerSettings settings,
      WorkDirectories directories,
      CheckpointDirectories checkpoints,
      Clock clock) {
    this.engine = engine;
    this.shared = shared;
    this.queue = queue;
    this.workers = workers;
    this.models = models;
    this.runs = runs;
    this.memory = memory;
    this.settings = settings;
    this.directories = directories;
    this.checkpoints = checkpoints;
    this.clock = clock;
  }

  /** Calls all slots that there are but the owner's; those that are free will come. */
  void call(UUID job) {
    int others = workers.alive().stream().mapToInt(Workers.Worker::slots).sum() - 1;
    queue.call(job, Math.min(others, MOST));
  }

  /**
   * Helps a job, if that is still wanted and there is as much memory left as the job itself needs.
   * Whatever goes wrong is left for the owner to find.
   */
  void help(UUID job, BooleanSupplier closing) throws IOException {
    UUID place = UUID.randomUUID(); // the owner may be this process too
    if (!memory.keep(place, runs.memory(job))) {
      return;
    }
    try {
      helpWithin(job, closing);
    } finally {
      memory.free(place);
    }
  }

  private void helpWithin(UUID job, BooleanSupplier closing) throws IOException {
    Optional<Lease> lease = queue.answer(job).filter(l -> reaches(job));
    if (lease.isEmpty() || closing.getAsBoolean()) {
      return;
    }
    Path directory = directories.openForHelp();
    try (var unused = MDC.putCloseable("job", job.toString())) {
      LOG.info("Helping to label job {}", job);
      help(lease.get(), directory, closing);
    } catch (CancelledException e) {
      LOG.info("No longer helping to label job {}", job);
    } finally {
      directories.remove(directory);
    }
  }

  /** What it would compute must get to the owner. */
  private boolean reaches(UUID job) {
    return shared.apart() || checkpoints.has(job);
  }

  private void help(Lease lease, Path directory, BooleanSupplier closing) {
    HelpRun run =
        new HelpRun(lease, directory, settings.threadsPerJob(), queue, models, closing, clock);
    Tenants.acting(
        lease.tenant(),
        () -> {
          engine.help(lease.spec(), run);
          return true;
        });
  }
}
