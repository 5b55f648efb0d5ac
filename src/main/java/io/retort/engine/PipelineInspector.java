package io.retort.engine;

import io.retort.dataset.Datasets;
import io.retort.job.SpecInspector;
import io.retort.model.StoredModel;
import io.retort.outgoing.Outgoing;
import io.retort.outgoing.OutgoingException;
import io.retort.pipeline.Inspection;
import io.retort.pipeline.MemoryEstimate;
import io.retort.pipeline.Pipeline;
import io.retort.pipeline.PipelineException;
import io.retort.registry.Models;
import io.retort.spec.Cancellation;
import io.retort.spec.JobSpec;
import io.retort.spec.TeacherSpec;
import io.retort.teacher.RemoteModels;
import io.retort.web.MissingException;
import io.retort.worker.LimitSettings;
import io.retort.worker.WorkerSettings;
import java.net.URI;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Looks at specs with the pipeline's eyes. */
@Component
class PipelineInspector implements SpecInspector {

  private final Pipeline pipeline;
  private final Datasets datasets;
  private final Models models;
  private final RemoteModels remote;
  private final Outgoing webhooks;
  private final long mostMemory;

  PipelineInspector(
      Pipeline pipeline,
      Datasets datasets,
      Models models,
      RemoteModels remote,
      @Qualifier("webhooks") Outgoing webhooks,
      WorkerSettings worker,
      LimitSettings limits) {
    this.mostMemory = limits.memoryBytes(worker);
    this.remote = remote;
    this.webhooks = webhooks;
    this.pipeline = pipeline;
    this.datasets = datasets;
    this.models = models;
  }

  @Override
  public String formula(JobSpec spec) {
    return Pipeline.formula(spec);
  }

  @Override
  public long leastMemory(JobSpec spec) {
    return MemoryEstimate.least(spec).bytes();
  }

  @Override
  public void check(JobSpec spec) {
    MemoryEstimate.least(spec).check(mostMemory);
    datasets.check(spec.dataset());
    if (spec.teacher() != null) {
      check(spec.teacher(), "/teacher");
    }
    pipeline.checkTaps(spec, this::model);
    checkWebhooks(spec);
  }

  private void checkWebhooks(JobSpec spec) {
    for (int i = 0; i < spec.webhooks().size(); i++) {
      try {
        webhooks.check(URI.create(spec.webhooks().get(i).url()));
      } catch (OutgoingException e) {
        throw PipelineException.mismatch(e.code(), "/notify/" + i + "/url", e.getMessage());
      }
    }
  }

  private void check(TeacherSpec teacher, String pointer) {
    if (teacher.model() != null) {
      model(teacher.model());
    }
    if (teacher.softTargets() != null) {
      datasets.check(teacher.softTargets(), pointer + "/softTargets");
    }
    if (teacher.endpoint() != null) {
      remote.check(teacher.endpoint(), pointer);
    }
    if (teacher.ensemble() != null) {
      for (int i = 0; i < teacher.ensemble().size(); i++) {
        check(teacher.ensemble().get(i).teacher(), pointer + "/ensemble/" + i + "/teacher");
      }
    }
  }

  @Override
  public Findings inspect(JobSpec spec) {
    checkWebhooks(spec);
    Inspection found = pipeline.inspect(spec, this::model, Cancellation.NONE);
    found.facts().memory().check(mostMemory);
    return new Findings(found.resolved(), found.facts());
  }

  private StoredModel model(String id) {
    try {
      return models.stored(id);
    } catch (MissingException e) {
      throw PipelineException.mismatch(
          "not_found",
          "/teacher/model",
          "The registry has no model of this id; GET /v1/models lists those there are.");
    }
  }
}
