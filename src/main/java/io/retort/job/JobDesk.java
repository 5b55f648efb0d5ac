package io.retort.job;

import io.retort.access.Tenants;
import io.retort.spec.InvalidSpecException;
import io.retort.spec.JobSpec;
import io.retort.spec.SpecReader;
import io.retort.spec.Violation;
import io.retort.web.MissingException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** What callers do with jobs. */
@Service
public class JobDesk {

  private static final Logger LOG = LoggerFactory.getLogger(JobDesk.class);

  private final Jobs jobs;
  private final JobQueue queue;
  private final Submissions submissions;
  private final Admission admission;
  private final SpecInspector inspector;
  private final JobInputs inputs;
  private final JobRemoval removal;
  private final TransactionTemplate transaction;
  private final Clock clock;

  JobDesk(
      Jobs jobs,
      JobQueue queue,
      Submissions submissions,
      Admission admission,
      SpecInspector inspector,
      JobInputs inputs,
      JobRemoval removal,
      PlatformTransactionManager transactions,
      Clock clock) {
    this.jobs = jobs;
    this.queue = queue;
    this.submissions = submissions;
    this.admission = admission;
    this.inspector = inspector;
    this.inputs = inputs;
    this.removal = removal;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  /**
   * Queues a job; the job and its place in the queue are written together or not at all.
   *
   * @param key the caller's Idempotency-Key: the same again answers the same job
   * @throws io.retort.spec.InvalidSpecException with everything that is wrong with the spec
   * @throws io.retort.spec.RetortException where the data or teacher it names cannot be found
   */
  public Job submit(JsonNode posted, @Nullable String key) {
    String tenant = Tenants.current();
    Optional<UUID> earlier =
        key == null ? Optional.empty() : submissions.earlier(tenant, key, posted);
    return earlier.map(this::find).orElseGet(() -> queue(tenant, posted, key));
  }

  private Job queue(String tenant, JsonNode posted, @Nullable String key) {
    JobSpec spec = read(posted);
    inspector.check(spec);
    admission.check(tenant);
    Job job =
        new Job(
            tenant,
            spec,
            posted,
            SpecReader.mapper().valueToTree(spec),
            inspector.formula(spec),
            clock.instant());
    job.needs(inspector.leastMemory(spec));
    boolean first =
        Boolean.TRUE.equals(
            transaction.execute(
                status -> {
                  jobs.saveAndFlush(job);
                  if (key != null && !submissions.remember(tenant, key, posted, job.id())) {
                    status.setRollbackOnly();
                    return false;
                  }
                  inputs.hold(job.id(), tenant, spec);
                  queue.add(job.id(), tenant);
                  return true;
                }));
    if (!first) {
      return submit(posted, key); // finds the job of the request that was faster
    }
    LOG.info("Job {} queued ({})", job.id(), job.name() == null ? job.type() : job.name());
    return job;
  }

  /** Everything that {@link #submit} would check, and the data and teacher too; queues nothing. */
  public DryRun dryRun(JsonNode posted) {
    JobSpec spec = read(posted);
    SpecInspector.Findings found = inspector.inspect(spec);
    return new DryRun(
        SpecReader.mapper().valueToTree(found.resolved()), inspector.formula(spec), found.facts());
  }

  private static JobSpec read(JsonNode posted) {
    if (posted.toString().contains("\\u0000")) {
      throw new InvalidSpecException(
          List.of(Violation.of("", "must not contain the character U+0000")));
    }
    return SpecReader.read(posted);
  }

  /**
   * A job of the caller's tenant as it is now.
   *
   * @throws MissingException where there is none
   */
  public Job find(UUID id) {
    return jobs.findByIdAndTenant(id, Tenants.current())
        .orElseThrow(() -> new MissingException("job", id.toString()));
  }

  /** Asks a job to end. A queued one ends at once, a running one within a second. */
  public Job cancel(UUID id) {
    return change(id, job -> job.cancel(clock.instant()));
  }

  /** Asks a job to wait. A queued one does at once, a running one once it has kept its state. */
  public Job pause(UUID id) {
    return change(id, Job::pause);
  }

  /** Puts a paused job back into the queue. */
  public Job resume(UUID id) {
    return change(id, Job::resume);
  }

  private Job change(UUID id, Consumer<Job> change) {
    try {
      return tryChange(id, change);
    } catch (OptimisticLockingFailureException movedOn) {
      return tryChange(id, change); // a worker took or finished it at the same moment
    }
  }

  private Job tryChange(UUID id, Consumer<Job> change) {
    return inTransaction(
        () -> {
          Job job = find(id);
          JobStatus before = job.status();
          change.accept(job);
          if (job.status() != before) {
            LOG.info("Job {} {} -> {}", id, before, job.status());
          }
          Job saved = jobs.saveAndFlush(job);
          if (before == JobStatus.QUEUED && job.status() != before) {
            queue.remove(id, job.tenant());
          } else if (before == JobStatus.PAUSED && job.status() == JobStatus.QUEUED) {
            queue.add(id, job.tenant());
          }
          return saved;
        });
  }

  /** Removes a job that has ended, with its events, metrics and artifacts. */
  public void delete(UUID id) {
    removal.remove(find(id).id());
    LOG.info("Job {} deleted", id);
  }

  private <T> T inTransaction(Supplier<T> work) {
    return Objects.requireNonNull(transaction.execute(status -> work.get()));
  }
}
