package io.retort.worker;

import io.retort.access.Tenants;
import io.retort.artifact.SharedFiles;
import io.retort.artifact.StorageException;
import io.retort.job.JobException;
import io.retort.job.Runs;
import io.retort.job.Runs.Lease;
import io.retort.pipeline.PipelineOutcome;
import io.retort.spec.Cancellation.CancelledException;
import io.retort.spec.Problem;
import io.retort.spec.RetortException;
import io.retort.web.DatabaseLoss;
import io.retort.web.Problems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/** Runs one job from lease to last status. */
@Component
@WorkerOnly
class RunJob {

  private static final Logger LOG = LoggerFactory.getLogger(RunJob.class);

  private final JobEngine engine;
  private final Runs runs;
  private final LiveRuns live;
  private final KeepOutcome keeper;
  private final WorkDirectories directories;
  private final CheckpointDirectories checkpoints;
  private final SharedFiles shared;
  private final MemoryBudget memory;
  private final ObservedRuns observed;
  private final WorkerName name;
  private final Patience patience = new Patience();

  RunJob(
      JobEngine engine,
      Runs runs,
      LiveRuns live,
      KeepOutcome keeper,
      WorkDirectories directories,
      CheckpointDirectories checkpoints,
      SharedFiles shared,
      MemoryBudget memory,
      ObservedRuns observed,
      WorkerName name) {
    this.engine = engine;
    this.runs = runs;
    this.live = live;
    this.keeper = keeper;
    this.directories = directories;
    this.checkpoints = checkpoints;
    this.shared = shared;
    this.memory = memory;
    this.observed = observed;
    this.name = name;
  }

  /** What becomes of the queue entry. */
  enum Ending {
    DONE,
    AGAIN,
    /** Not now: there is no room for it here. */
    LATER
  }

  /**
   * Runs a job, if there is still something to run.
   *
   * @throws RuntimeException where the database took neither result nor failure; the queue then
   *     hands the job out again
   */
  Ending run(UUID id) {
    if (live.closing()) {
      return Ending.AGAIN;
    }
    if (!memory.keep(id, runs.memory(id))) {
      return Ending.LATER;
    }
    try {
      Optional<Lease> lease = runs.begin(id, name.value());
      return lease.isPresent() ? run(lease.get()) : Ending.DONE;
    } finally {
      memory.free(id);
    }
  }

  private Ending run(Lease lease) {
    Path directory;
    JobCheckpoints kept;
    try {
      kept = checkpoints.open(lease.job());
      directory = directories.open(lease);
    } catch (StorageException e) {
      return StorageException.isAway(e) ? storeAway(lease) : fail(lease, e);
    } catch (IOException e) {
      return fail(lease, e);
    }
    try {
      return live.during(lease, directory, kept, this::executeForItsTenant);
    } finally {
      directories.remove(directory);
    }
  }

  /** What is logged meanwhile carries the job's id. */
  private Ending executeForItsTenant(LiveRun run) {
    try (var unused = MDC.putCloseable("job", run.lease().job().toString())) {
      return observed.during(run, () -> Tenants.acting(run.lease().tenant(), () -> execute(run)));
    }
  }

  // Whatever a job does, out of memory included, must end in its status and not in a lost worker.
  private Ending execute(LiveRun run) {
    try {
      PipelineOutcome outcome = engine.run(run.lease().spec(), run);
      return done(
          patience.with(
              () -> {
                run.flushNow();
                return keeper.keep(run.lease(), outcome);
              }));
    } catch (Throwable failure) {
      return end(run, failure);
    }
  }

  private Ending end(LiveRun run, Throwable failure) {
    Lease lease = run.lease();
    if (run.databaseLost() || DatabaseLoss.isCauseOf(failure)) {
      throw new DatabaseLostException(lease.job(), failure);
    }
    patience.with(run::flushNow);
    return switch (patience.with(() -> runs.wish(lease))) {
      case LET_GO -> done(false);
      case CANCEL -> done(runs.cancelled(lease));
      case PAUSE -> paused(run, failure);
      case GO_ON ->
          failure instanceof NoRoomException e ? waitForRoom(lease, e) : goOn(run, failure);
    };
  }

  private Ending goOn(LiveRun run, Throwable failure) {
    if (run.stopping()) {
      run.leave();
      return giveBack(run.lease(), "The worker was stopped");
    }
    if (failure instanceof CancelledException && !run.overdue()) {
      // the database seemed lost and is back, as for a process that its system had suspended
      run.leave();
      return giveBack(run.lease(), "The worker was out of touch for a while");
    }
    return StorageException.isAway(failure)
        ? storeAway(run.lease())
        : fail(run.lease(), reason(run, failure));
  }

  /** Not at once: whoever takes the job next would only find the same. */
  private Ending storeAway(Lease lease) {
    patience.until(() -> live.closing() || shared.answers());
    return giveBack(lease, "The store of files could not be reached");
  }

  /** A run that was stopped for its length fails for its length. */
  private static Throwable reason(LiveRun run, Throwable failure) {
    return run.overdue() && failure instanceof CancelledException
        ? JobException.tookTooLong()
        : failure;
  }

  /** A failure of its own is one, even when the job was about to pause. */
  private Ending paused(LiveRun run, Throwable failure) {
    run.leave();
    return failure instanceof CancelledException && !run.overdue()
        ? done(runs.paused(run.lease()))
        : fail(run.lease(), reason(run, failure));
  }

  private Ending waitForRoom(Lease lease, NoRoomException failure) {
    boolean unused = patience.with(() -> runs.waitForRoom(lease, failure.bytes()));
    return Ending.LATER;
  }

  private Ending giveBack(Lease lease, String reason) {
    boolean unused = patience.with(() -> runs.giveBack(lease, reason));
    return Ending.AGAIN;
  }

  private Ending fail(Lease lease, Throwable failure) {
    Problem problem = explain(lease, failure);
    return done(patience.with(() -> runs.fail(lease, problem)));
  }

  /**
   * What becomes of the entry once a run's end was written, or was not because the lease was lost.
   * In that case it stays: should it be the job's only one, its removal would lose the job.
   */
  private static Ending done(boolean written) {
    return written ? Ending.DONE : Ending.AGAIN;
  }

  private static Problem explain(Lease lease, Throwable failure) {
    String job = "/v1/jobs/" + lease.job();
    if (StorageException.isFull(failure)) {
      return Problems.of(StorageException.full(failure), job);
    }
    if (failure instanceof RetortException e) {
      return Problems.of(e, job);
    }
    String errorId = UUID.randomUUID().toString();
    LOG.error("Job {} failed, error id {}", lease.job(), errorId, failure);
    return Problems.internal(errorId, job);
  }
}
