package io.retort.worker;

import io.retort.access.Tenants;
import io.retort.job.HelpQueue;
import io.retort.job.Runs.Lease;
import io.retort.model.StoredModel;
import io.retort.pipeline.PipelineContext;
import io.retort.registry.Models;
import io.retort.spec.Cancellation;
import io.retort.spec.Phase;
import io.retort.training.CheckpointPlace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Labelling for a job that runs elsewhere: it tells nobody, and ends when it is in the way. */
final class HelpRun implements PipelineContext {

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Lease lease;
  private final Path workDirectory;
  private final int threads;
  private final HelpQueue queue;
  private final Models models;
  private final BooleanSupplier closing;
  private final Clock clock;
  private volatile Instant looked;
  private volatile boolean wanted = true;

  /**
   * @param closing whether this process ends
   */
  HelpRun(
      Lease lease,
      Path workDirectory,
      int threads,
      HelpQueue queue,
      Models models,
      BooleanSupplier closing,
      Clock clock) {
    this.lease = lease;
    this.workDirectory = workDirectory;
    this.threads = threads;
    this.queue = queue;
    this.models = models;
    this.closing = closing;
    this.clock = clock;
    this.looked = clock.instant();
  }

  @Override
  public Cancellation cancellation() {
    return () -> closing.getAsBoolean() || !isWanted();
  }

  private boolean isWanted() {
    if (looked.plus(LOOK_EVERY).isBefore(clock.instant())) {
      looked = clock.instant();
      try {
        wanted = queue.isWanted(lease);
      } catch (DataAccessException | TransactionException e) {
        wanted = false;
      }
    }
    return wanted;
  }

  @Override
  public String owner() {
    return lease.tenant();
  }

  @Override
  public Path workDirectory() {
    return workDirectory;
  }

  @Override
  public int threads() {
    return threads;
  }

  @Override
  public CheckpointPlace checkpoints() {
    throw new IllegalStateException("whoever helps to label trains nothing");
  }

  @Override
  public StoredModel model(String id) {
    return Tenants.acting(lease.tenant(), () -> models.stored(id));
  }

  @Override
  public void phase(Phase phase) {}

  @Override
  public void progress(double done) {}

  @Override
  public void metric(String series, int epoch, long step, double value) {}

  @Override
  public void event(Level level, String message, Map<String, Object> data) {}
}
