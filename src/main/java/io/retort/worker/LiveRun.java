package io.retort.worker;

import io.retort.access.Tenants;
import io.retort.job.RunLog;
import io.retort.job.RunLog.Event;
import io.retort.job.RunLog.Metric;
import io.retort.job.Runs;
import io.retort.job.Runs.Lease;
import io.retort.job.Runs.Wish;
import io.retort.model.StoredModel;
import io.retort.pipeline.MemoryEstimate;
import io.retort.pipeline.PipelineContext;
import io.retort.registry.Models;
import io.retort.spec.Cancellation;
import io.retort.spec.JobSpec;
import io.retort.spec.Phase;
import io.retort.training.CheckpointPlace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * A run under way: what the engine tells it goes to the database in batches, and what the API wants
 * comes back, both from the watch's thread, so that the engine never waits for the database.
 */
final class LiveRun implements PipelineContext {

  /** How long a run goes on without a database before it gives up. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Lease lease;
  private final Path workDirectory;
  private final CheckpointPlace checkpoints;
  private final JobCheckpoints kept;
  private final int threads;
  private final Instant latest;
  private final Duration shareLabellingOver;
  private final Runs runs;
  private final RunLog log;
  private final Models models;
  private final MemoryBudget memory;
  private final Clock clock;

  /** Hears how fast a training goes, as {@link PipelineContext#pace} says it. */
  interface PaceListener {
    void pace(String role, int rows, long steps, Duration took);
  }

  private Consumer<Phase> phaseListener = phase -> {};
  private PaceListener paceListener = (role, rows, steps, took) -> {};

  private final List<Event> events = new ArrayList<>();
  private final List<Metric> metrics = new ArrayList<>();
  private volatile @Nullable Phase phase;
  private volatile @Nullable JobSpec found;
  private volatile double progress;
  private volatile boolean moved;
  private volatile boolean advanced;
  private volatile Wish wish = Wish.GO_ON;
  private volatile boolean stopping;
  private volatile boolean wantsHelp;
  private volatile Instant databaseSeen;

  LiveRun(
      Lease lease,
      Path workDirectory,
      JobCheckpoints kept,
      WorkerSettings settings,
      Runs runs,
      RunLog log,
      Models models,
      MemoryBudget memory,
      Clock clock) {
    this.lease = lease;
    this.workDirectory = workDirectory;
    this.kept = kept;
    this.checkpoints =
        new CheckpointPlace(
            kept.directory(),
            settings.checkpointEvery(),
            () -> stopping || wish == Wish.PAUSE || databaseLost(),
            () -> advanced = true);
    this.threads = settings.threadsPerJob();
    this.latest = clock.instant().plus(settings.longestJob());
    this.shareLabellingOver = settings.shareLabellingOver();
    this.runs = runs;
    this.log = log;
    this.models = models;
    this.memory = memory;
    this.clock = clock;
    this.databaseSeen = clock.instant();
  }

  /** Who hears of phases and pace from now on. */
  void observe(Consumer<Phase> phases, PaceListener pace) {
    phaseListener = phases;
    paceListener = pace;
  }

  /** Asks what the API wants; a database that is away is waited for. */
  void look() {
    whilePatient(() -> wish = runs.wish(lease));
  }

  /** Writes what has gathered; a batch that failed is kept for the next time. */
  void flush() {
    whilePatient(this::flushNow);
  }

  /**
   * As {@link #flush}, at the end, where nothing may be lost.
   *
   * @throws DataAccessException where the database does not take it
   */
  synchronized void flushNow() {
    List<Event> eventBatch = copy(events);
    List<Metric> metricBatch = copy(metrics);
    if (!eventBatch.isEmpty() || !metricBatch.isEmpty()) {
      log.append(lease.job(), lease.attempt(), eventBatch, metricBatch);
      drop(events, eventBatch.size());
      drop(metrics, metricBatch.size());
    }
    JobSpec planned = found;
    if (planned != null) {
      log.found(lease.job(), lease.attempt(), planned);
      found = null;
    }
    if (advanced) {
      log.advanced(lease.job(), lease.attempt());
      advanced = false;
    }
    if (moved) {
      moved = false;
      log.progress(lease.job(), lease.attempt(), phase, progress);
    }
  }

  private void whilePatient(Runnable work) {
    try {
      work.run();
      databaseSeen = clock.instant();
    } catch (DataAccessException | TransactionException e) {
      moved = true;
    }
  }

  /** The process stops: the run is to end soon and go back into the queue. */
  void stop() {
    stopping = true;
  }

  /** Lets the next attempt find its checkpoints on whatever machine. */
  void leave() {
    kept.bring();
  }

  Lease lease() {
    return lease;
  }

  boolean stopping() {
    return stopping;
  }

  /** It has taken longer than any job may. */
  boolean overdue() {
    return latest.isBefore(clock.instant());
  }

  boolean databaseLost() {
    return databaseSeen.plus(PATIENCE).isBefore(clock.instant());
  }

  /** A labelling is under way that others should share. */
  boolean wantsHelp() {
    return wantsHelp;
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
  public Cancellation cancellation() {
    return () -> wish != Wish.GO_ON || stopping || databaseLost() || overdue();
  }

  @Override
  public void needs(MemoryEstimate estimate) {
    estimate.check(memory.mostPerJob());
    if (!memory.keep(lease.job(), estimate.bytes())) {
      throw new NoRoomException(estimate.bytes());
    }
  }

  @Override
  public CheckpointPlace checkpoints() {
    return checkpoints;
  }

  @Override
  public StoredModel model(String id) {
    return Tenants.acting(lease.tenant(), () -> models.stored(id));
  }

  @Override
  public void phase(Phase phase) {
    if (this.phase != phase) {
      phaseListener.accept(phase);
    }
    this.phase = phase;
    wantsHelp = false;
    moved = true;
  }

  @Override
  public void pace(String role, int rows, long steps, Duration took) {
    paceListener.pace(role, rows, steps, took);
  }

  @Override
  public void planned(JobSpec resolved) {
    found = resolved;
  }

  @Override
  public void progress(double done) {
    double clipped = Math.min(1, Math.max(0, done));
    if (clipped > progress) {
      progress = clipped;
      moved = true;
    }
  }

  @Override
  public void labelling(Duration left) {
    wantsHelp = left.compareTo(shareLabellingOver) > 0;
  }

  @Override
  public void metric(String series, int epoch, long step, double value) {
    synchronized (metrics) {
      metrics.add(new Metric(series, epoch, step, value, clock.instant()));
    }
  }

  @Override
  public void event(Level level, String message, Map<String, Object> data) {
    synchronized (events) {
      events.add(new Event(clock.instant(), level.name(), message, data));
    }
  }

  private static <T> List<T> copy(List<T> gathered) {
    synchronized (gathered) {
      return List.copyOf(gathered);
    }
  }

  private static <T> void drop(List<T> gathered, int written) {
    synchronized (gathered) {
      gathered.subList(0, written).clear();
    }
  }
}
