package io.retort.job;

import io.retort.database.Uuids;
import io.retort.spec.JobSpec;
import io.retort.spec.JobType;
import io.retort.spec.Phase;
import io.retort.spec.Problem;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.AbstractAggregateRoot;
import org.springframework.data.domain.Persistable;
import tools.jackson.databind.JsonNode;

/**
 * A job. Its status changes only through the methods here, each of which refuses a wrong state.
 * Phase and progress are written past it, by {@link RunLog}, so only changed columns are updated.
 */
@Entity
@DynamicUpdate
public class Job extends AbstractAggregateRoot<Job> implements Persistable<UUID> {

  @Id private UUID id;

  private String tenant;

  @Enumerated(EnumType.STRING)
  private JobType type;

  private @Nullable String name;

  @JdbcTypeCode(SqlTypes.JSON)
  private Map<String, String> labels;

  @Enumerated(EnumType.STRING)
  private JobStatus status;

  @Enumerated(EnumType.STRING)
  private @Nullable Phase phase;

  @SuppressWarnings("UnusedVariable") // read in SQL
  private int priority;

  private double progress;
  private int attempt;
  private int lost;
  private int losses;

  @SuppressWarnings("UnusedVariable") // read in SQL
  private long memoryBytes;

  @JdbcTypeCode(SqlTypes.JSON)
  private JsonNode spec;

  @JdbcTypeCode(SqlTypes.JSON)
  private JsonNode resolved;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable JsonNode found;

  private String formula;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable Problem error;

  private Instant createdAt;
  private @Nullable Instant startedAt;
  private @Nullable Instant finishedAt;

  @Version private @Nullable Long version;

  @SuppressWarnings("NullAway.Init")
  protected Job() {}

  /** A new job, queued. */
  Job(
      String tenant,
      JobSpec spec,
      JsonNode posted,
      JsonNode resolved,
      String formula,
      Instant now) {
    this.id = Uuids.next();
    this.tenant = tenant;
    this.type = spec.type();
    this.name = spec.name();
    this.labels = spec.labels();
    this.priority = spec.priority();
    this.status = JobStatus.QUEUED;
    this.spec = posted;
    this.resolved = resolved;
    this.formula = formula;
    this.createdAt = now;
  }

  /** What is known of the memory that it needs. */
  void needs(long bytes) {
    memoryBytes = bytes;
  }

  /** A worker takes the job, for the first time or again. */
  void start(Instant now) {
    if (status == JobStatus.RUNNING) {
      lost++;
      losses++;
    }
    become(JobStatus.RUNNING);
    attempt++;
    phase = null;
    progress = 0;
    startedAt = now;
  }

  /** A worker that has to stop puts the job back. */
  void giveBack() {
    become(JobStatus.QUEUED);
    phase = null;
    progress = 0;
    startedAt = null;
  }

  /** The caller wants it to wait; idempotent. */
  void pause() {
    if (status == JobStatus.QUEUED) {
      become(JobStatus.PAUSED);
    } else if (status != JobStatus.PAUSING && status != JobStatus.PAUSED) {
      become(JobStatus.PAUSING);
    }
  }

  /** The worker has stopped where it was. */
  void paused() {
    become(JobStatus.PAUSED);
    phase = null;
    startedAt = null;
  }

  /** The caller wants it to go on; idempotent while it does. */
  void resume() {
    if (status == JobStatus.PAUSED) {
      become(JobStatus.QUEUED);
    } else if (status != JobStatus.QUEUED && status != JobStatus.RUNNING) {
      throw JobException.forbidden(id, status, JobStatus.QUEUED);
    }
  }

  /** The caller wants it to end; idempotent while it does, and after it did. */
  void cancel(Instant now) {
    if (status == JobStatus.QUEUED || status == JobStatus.PAUSED) {
      finish(JobStatus.CANCELLED, now);
    } else if (status == JobStatus.RUNNING || status == JobStatus.PAUSING) {
      become(JobStatus.CANCELLING);
    } else if (status != JobStatus.CANCELLING && status != JobStatus.CANCELLED) {
      throw JobException.alreadyFinal(id, status);
    }
  }

  /** The worker has stopped as asked. */
  void cancelled(Instant now) {
    finish(JobStatus.CANCELLED, now);
  }

  void succeed(Instant now) {
    finish(JobStatus.SUCCEEDED, now);
    progress = 1;
  }

  void fail(Problem reason, Instant now) {
    finish(JobStatus.FAILED, now);
    error = reason;
  }

  private void finish(JobStatus last, Instant now) {
    become(last);
    finishedAt = now;
  }

  private void become(JobStatus next) {
    if (!status.mayBecome(next)) {
      throw JobException.forbidden(id, status, next);
    }
    status = next;
    registerEvent(new JobMoved(this));
  }

  public UUID id() {
    return id;
  }

  /** Whom it belongs to. */
  public String tenant() {
    return tenant;
  }

  public JobType type() {
    return type;
  }

  public @Nullable String name() {
    return name;
  }

  public Map<String, String> labels() {
    return Map.copyOf(labels);
  }

  public JobStatus status() {
    return status;
  }

  public @Nullable Phase phase() {
    return phase;
  }

  /** Share of the work that is done, 0..1. */
  public double progress() {
    return progress;
  }

  /** How often a worker has taken it. */
  public int attempt() {
    return attempt;
  }

  /** How often in a row a worker was lost over it without it coming any further. */
  int lost() {
    return lost;
  }

  /** How often a worker was lost over it in all. */
  int losses() {
    return losses;
  }

  /** As it was posted. */
  public JsonNode spec() {
    return spec;
  }

  /** With every default filled in. */
  public JsonNode resolved() {
    return resolved;
  }

  /** The same with what its last run found out about data and teacher; null before one did. */
  public @Nullable JsonNode found() {
    return found;
  }

  public String formula() {
    return formula;
  }

  public @Nullable Problem error() {
    return error;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public @Nullable Instant startedAt() {
    return startedAt;
  }

  public @Nullable Instant finishedAt() {
    return finishedAt;
  }

  @Override
  public UUID getId() {
    return id;
  }

  /** The id is made here, so it does not tell whether the row exists. */
  @Override
  public boolean isNew() {
    return version == null;
  }
}
