package io.retort.job;

import io.retort.access.Tenants;
import io.retort.artifact.Artifact;
import io.retort.artifact.Artifacts;
import io.retort.artifact.ContentStore;
import io.retort.spec.InvalidSpecException;
import io.retort.spec.JobSpec;
import io.retort.spec.SpecReader;
import io.retort.spec.Violation;
import io.retort.web.MissingException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
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
  private final SpecInspector inspector;
  private final Artifacts artifacts;
  private final ContentStore contents;
  private final TransactionTemplate transaction;
  private final Clock clock;

  JobDesk(
      Jobs jobs,
      JobQueue queue,
      SpecInspector inspector,
      Artifacts artifacts,
      ContentStore contents,
      PlatformTransactionManager transactions,
      Clock clock) {
    this.jobs = jobs;
    this.queue = queue;
    this.inspector = inspector;
    this.artifacts = artifacts;
    this.contents = contents;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  /**
   * Queues a job; the job and its place in the queue are written together or not at all.
   *
   * @throws io.retort.spec.InvalidSpecException with everything that is wrong with the spec
   * @throws io.retort.spec.RetortException where the data or teacher it names cannot be found
   */
  public Job submit(JsonNode posted) {
    JobSpec spec = read(posted);
    inspector.check(spec);
    Job job =
        new Job(
            Tenants.current(),
            spec,
            posted,
            SpecReader.mapper().valueToTree(spec),
            inspector.formula(spec),
            clock.instant());
    Job saved =
        inTransaction(
            () -> {
              Job queued = jobs.save(job);
              jobs.flush();
              queue.add(queued.id());
              return queued;
            });
    LOG.info("Job {} queued ({})", saved.id(), saved.name() == null ? saved.type() : saved.name());
    return saved;
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
    try {
      return tryCancel(id);
    } catch (OptimisticLockingFailureException movedOn) {
      return tryCancel(id); // a worker took or finished it at the same moment
    }
  }

  private Job tryCancel(UUID id) {
    return inTransaction(
        () -> {
          Job job = find(id);
          JobStatus before = job.status();
          job.cancel(clock.instant());
          if (job.status() != before) {
            LOG.info("Job {} {} -> {}", id, before, job.status());
          }
          if (before == JobStatus.QUEUED) {
            queue.remove(id);
          }
          return jobs.saveAndFlush(job);
        });
  }

  /** Removes a job that has ended, with its events, metrics and artifacts. */
  public void delete(UUID id) {
    List<Artifact> files =
        inTransaction(
            () -> {
              Job job = find(id);
              if (!job.status().isFinal()) {
                throw JobException.notFinal(id, job.status());
              }
              List<Artifact> owned = artifacts.of(id);
              jobs.delete(job);
              return owned;
            });
    files.stream().map(Artifact::sha256).distinct().forEach(contents::removeIfUnused);
    LOG.info("Job {} deleted", id);
  }

  private <T> T inTransaction(Supplier<T> work) {
    return Objects.requireNonNull(transaction.execute(status -> work.get()));
  }
}
