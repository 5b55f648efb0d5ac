package io.retort.job;

import io.retort.artifact.Artifact;
import io.retort.artifact.Artifacts;
import io.retort.artifact.ContentStore;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Removes jobs that have ended, with their events, metrics, deliveries and files. Checkpoints go
 * within half a minute, when the workers sweep them; models stay in the registry.
 */
@Component
public class JobRemoval {

  private final Jobs jobs;
  private final Artifacts artifacts;
  private final ContentStore contents;
  private final TransactionTemplate transaction;

  JobRemoval(
      Jobs jobs,
      Artifacts artifacts,
      ContentStore contents,
      PlatformTransactionManager transactions) {
    this.jobs = jobs;
    this.artifacts = artifacts;
    this.contents = contents;
    this.transaction = new TransactionTemplate(transactions);
  }

  /**
   * Removes a job; does nothing where it is gone already.
   *
   * @throws JobException {@code job_not_final} where it has not ended
   */
  public void remove(UUID id) {
    List<Artifact> files =
        Objects.requireNonNull(
            transaction.execute(
                status -> {
                  List<Artifact> owned = artifacts.of(id);
                  jobs.findById(id).ifPresent(this::delete);
                  return owned;
                }));
    files.stream().map(Artifact::sha256).distinct().forEach(contents::removeIfUnused);
  }

  private void delete(Job job) {
    if (!job.status().isFinal()) {
      throw JobException.notFinal(job.id(), job.status());
    }
    jobs.delete(job);
  }
}
