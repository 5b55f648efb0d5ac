package io.retort.job;

import io.retort.spec.JobSpec;
import io.retort.spec.Problem;
import io.retort.spec.SpecReader;
import io.retort.web.Problems;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What workers do with jobs. Every call names the attempt it belongs to, so a worker that was taken
 * for dead and was not cannot overwrite its successor's work; it is told so by {@code false}.
 */
@Service
public class Runs {

  /** A worker may be lost this often, without the job coming further, before it is given up. */
  private static final int LOSSES = 3;

  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

  private final Jobs jobs;
  private final JobQueue queue;
  private final RunLog log;
  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final TransactionTemplate transaction;
  private final int mostLosses;
  private final Clock clock;

  Runs(
      Jobs jobs,
      JobQueue queue,
      RunLog log,
      JdbcClient jdbc,
      JsonMapper json,
      PlatformTransactionManager transactions,
      JobSettings settings,
      Clock clock) {
    this.mostLosses = settings.lostWorkers();
    this.jobs = jobs;
    this.queue = queue;
    this.log = log;
    this.jdbc = jdbc;
    this.json = json;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  /** The right to run a job, until another attempt begins. */
  public record Lease(UUID job, String tenant, int attempt, JobSpec spec) {}

  /** Takes a job that the queue handed out; empty when there is nothing left to run. */
  public Optional<Lease> begin(UUID id, String worker) {
    return Objects.requireNonNull(
        transaction.execute(status -> jobs.findById(id).flatMap(job -> begin(job, worker))));
  }

  private Optional<Lease> begin(Job job, String worker) {
    if (job.status() == JobStatus.CANCELLING) {
      move(job, j -> j.cancelled(clock.instant()));
      return Optional.empty();
    }
    if (job.status() == JobStatus.PAUSING) {
      move(job, Job::paused);
      return Optional.empty();
    }
    if (job.status().isFinal() || job.status() == JobStatus.PAUSED) {
      return Optional.empty();
    }
    boolean again = job.status() == JobStatus.RUNNING;
    Optional<JobException> killer = again ? killer(job) : Optional.empty();
    if (killer.isPresent()) {
      move(job, j -> j.fail(Problems.of(killer.get(), null), clock.instant()));
      return Optional.empty();
    }
    move(job, j -> j.start(clock.instant()));
    if (again) {
      note(
          job,
          "WARNING",
          "Attempt %d ended without a word: its worker was lost or could not reach the database. It goes on from its last checkpoint."
              .formatted(job.attempt() - 1));
    }
    log.forgetMetrics(job.id());
    note(job, "INFO", "Attempt %d started on worker %s.".formatted(job.attempt(), worker));
    return Optional.of(new Lease(job.id(), job.tenant(), job.attempt(), work(job)));
  }

  /** Why a job that has just lost its worker gets no other one. */
  private Optional<JobException> killer(Job job) {
    if (job.lost() + 1 >= LOSSES) {
      return Optional.of(JobException.workerLost(LOSSES));
    }
    int losses = job.losses() + 1;
    return losses >= mostLosses ? Optional.of(JobException.workersLost(losses)) : Optional.empty();
  }

  /** Who is told of a job is no part of its work, and must not get into its files. */
  private static JobSpec work(Job job) {
    ObjectNode work = job.resolved().asObject().deepCopy().without("notify");
    return SpecReader.mapper().treeToValue(work, JobSpec.class);
  }

  /** What the API wants of a run, as a worker asks several times a second. */
  public enum Wish {
    GO_ON,
    CANCEL,
    PAUSE,
    /** Another attempt has begun, or the job is gone. */
    LET_GO
  }

  public Wish wish(Lease lease) {
    return jdbc.sql("select status from job where id = ? and attempt = ?")
        .params(lease.job(), lease.attempt())
        .query(String.class)
        .optional()
        .map(JobStatus::valueOf)
        .map(
            status ->
                switch (status) {
                  case RUNNING -> Wish.GO_ON;
                  case CANCELLING -> Wish.CANCEL;
                  case PAUSING -> Wish.PAUSE;
                  default -> Wish.LET_GO;
                })
        .orElse(Wish.LET_GO);
  }

  /**
   * Ends a run well: result, whatever {@code keep} writes, and the status in one transaction. A job
   * that was cancelled in the last moment is cancelled, and keeps nothing.
   *
   * @return false where the lease was lost: nothing was written
   */
  public boolean succeed(Lease lease, Object result, @Nullable Object report, Runnable keep) {
    return end(
        lease,
        job -> {
          if (job.status() == JobStatus.CANCELLING) {
            job.cancelled(clock.instant());
            return;
          }
          job.succeed(clock.instant());
          jdbc.sql(
                  "insert into job_result (job_id, result, report)"
                      + " values (:job, :result::jsonb, :report::jsonb)")
              .param("job", lease.job())
              .param("result", json.writeValueAsString(result))
              .param("report", report == null ? null : json.writeValueAsString(report))
              .update();
          keep.run();
        });
  }

  public boolean fail(Lease lease, Problem reason) {
    return end(lease, job -> job.fail(reason, clock.instant()));
  }

  public boolean cancelled(Lease lease) {
    return end(
        lease,
        job -> {
          if (job.status() == JobStatus.CANCELLING) {
            job.cancelled(clock.instant());
          }
        });
  }

  /** The run has stopped where it was, as asked. */
  public boolean paused(Lease lease) {
    return end(
        lease,
        job -> {
          if (job.status() == JobStatus.CANCELLING) {
            job.cancelled(clock.instant());
          } else {
            job.paused();
            note(job, "INFO", "Paused.");
          }
        });
  }

  /** What a job needs at least, as far as it is known; 0 where there is no such job. */
  public long memory(UUID job) {
    return jdbc.sql("select memory_bytes from job where id = ?")
        .param(job)
        .query(Long.class)
        .optional()
        .orElse(0L);
  }

  /**
   * Puts a job back into the queue that needs more memory than its worker has left.
   *
   * @param bytes that it needs
   */
  public boolean waitForRoom(Lease lease, long bytes) {
    return giveBack(
        lease,
        job -> job.needs(bytes),
        "It needs %,d MiB of memory, more than this worker has left; it waits for a worker with as much."
            .formatted(bytes >> 20));
  }

  /**
   * Puts a job back into the queue, as this worker cannot go on with it.
   *
   * @param reason for the user, without a full stop
   */
  public boolean giveBack(Lease lease, String reason) {
    return giveBack(lease, job -> {}, reason + "; the job went back into the queue.");
  }

  private boolean giveBack(Lease lease, Consumer<Job> change, String why) {
    return end(
        lease,
        job -> {
          if (job.status() == JobStatus.CANCELLING) {
            job.cancelled(clock.instant());
          } else if (job.status() == JobStatus.PAUSING) {
            job.paused();
          } else {
            change.accept(job);
            job.giveBack();
            note(job, "INFO", why);
          }
        });
  }

  private boolean end(Lease lease, Consumer<Job> change) {
    try {
      return tryEnd(lease, change);
    } catch (OptimisticLockingFailureException movedOn) {
      return tryEnd(lease, change); // cancelled at the same moment
    }
  }

  private boolean tryEnd(Lease lease, Consumer<Job> change) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              Optional<Job> own =
                  jobs.findById(lease.job())
                      .filter(job -> job.attempt() == lease.attempt() && job.status().isRunning());
              own.ifPresent(job -> move(job, change));
              return own.isPresent();
            }));
  }

  private void move(Job job, Consumer<Job> change) {
    JobStatus before = job.status();
    change.accept(job);
    jobs.saveAndFlush(job);
    queue.changed(job.tenant());
    Problem error = job.error();
    LOG.info(
        "Job {} {} -> {} (attempt {}){}",
        job.id(),
        before,
        job.status(),
        job.attempt(),
        error == null ? "" : ": " + error.code());
  }

  private void note(Job job, String level, String message) {
    log.append(
        job.id(), List.of(new RunLog.Event(clock.instant(), level, message, Map.of())), List.of());
  }
}
