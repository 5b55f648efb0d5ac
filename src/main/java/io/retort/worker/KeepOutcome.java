package io.retort.worker;

import io.retort.artifact.Artifacts;
import io.retort.artifact.ContentStore;
import io.retort.artifact.StoredContent;
import io.retort.job.Runs;
import io.retort.job.Runs.Lease;
import io.retort.model.ModelInfo;
import io.retort.pipeline.PipelineOutcome;
import io.retort.pipeline.PipelineOutcome.OutputFile;
import io.retort.pipeline.PipelineOutcome.OutputModel;
import io.retort.registry.ModelReader;
import io.retort.registry.Models;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Keeps what a run made. The files are written and flushed first; then everything that refers to
 * them, and the job's last status, in one transaction.
 */
@Component
@WorkerOnly
class KeepOutcome {

  private static final Logger LOG = LoggerFactory.getLogger(KeepOutcome.class);

  private final Runs runs;
  private final Artifacts artifacts;
  private final Models models;
  private final ModelReader reader;
  private final ContentStore contents;

  KeepOutcome(
      Runs runs, Artifacts artifacts, Models models, ModelReader reader, ContentStore contents) {
    this.runs = runs;
    this.artifacts = artifacts;
    this.models = models;
    this.reader = reader;
    this.contents = contents;
  }

  private record StagedFile(OutputFile file, StoredContent content) {}

  private record StagedModel(OutputModel output, ModelInfo info, StoredContent content) {}

  /** Answers false where the lease was lost, and nothing was kept. */
  boolean keep(Lease lease, PipelineOutcome outcome) {
    LOG.debug("Job {}: keeping what it made", lease.job());
    List<StoredContent> staged = new ArrayList<>();
    try {
      List<StagedFile> files = new ArrayList<>();
      for (OutputFile file : outcome.files()) {
        files.add(new StagedFile(file, remember(staged, contents.stage(file.path()))));
      }
      List<StagedModel> made = new ArrayList<>();
      for (OutputModel model : outcome.models()) {
        StoredContent content = remember(staged, contents.stage(model.path()));
        made.add(new StagedModel(model, reader.inspect(model.path()), content));
      }
      staged.forEach(contents::share);
      return runs.succeed(
          lease, outcome.result(), outcome.report(), () -> refer(lease, files, made));
    } finally {
      staged.forEach(contents::discard);
    }
  }

  private static StoredContent remember(List<StoredContent> staged, StoredContent content) {
    staged.add(content);
    return content;
  }

  private void refer(Lease lease, List<StagedFile> files, List<StagedModel> made) {
    for (StagedFile f : files) {
      artifacts.add(lease.job(), f.file().name(), f.file().mediaType(), f.content());
    }
    for (StagedModel m : made) {
      models.add(lease.job(), m.output().role(), m.output().name(), m.info(), m.content());
    }
  }
}
