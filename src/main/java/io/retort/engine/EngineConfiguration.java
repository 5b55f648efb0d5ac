package io.retort.engine;

import io.retort.access.DatasetAccess;
import io.retort.access.WebhookAccess;
import io.retort.artifact.SharedFiles;
import io.retort.database.DataDirectory;
import io.retort.dataset.DatasetException;
import io.retort.dataset.DatasetLimits;
import io.retort.dataset.Datasets;
import io.retort.dataset.UploadedDatasets;
import io.retort.model.foreign.ForeignModels;
import io.retort.outgoing.Outgoing;
import io.retort.pipeline.Pipeline;
import io.retort.registry.ModelReader;
import io.retort.registry.UploadedFiles;
import io.retort.targets.SoftTargetStore;
import io.retort.teacher.RemoteModels;
import io.retort.web.MissingException;
import io.retort.worker.JobEngine;
import io.retort.worker.LabellingHelp;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The engine's parts as beans. */
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {

  @Bean
  Outgoing outgoing(DatasetAccess access) {
    return new Outgoing(access.allowedHosts(), "retort.dataset.allowed-hosts");
  }

  @Bean(defaultCandidate = false)
  @Qualifier("webhooks")
  Outgoing webhooks(WebhookAccess access) {
    return new Outgoing(access.allowedHosts(), "retort.webhooks.allowed-hosts");
  }

  @Bean
  Datasets datasets(
      DataDirectory data, DatasetAccess access, Outgoing outgoing, UploadedFiles files) {
    Datasets datasets =
        new Datasets(
            data.directory("datasets"),
            DatasetLimits.DEFAULT,
            access.fileRootsOr(data.directory("files")),
            outgoing,
            uploads(files));
    datasets.sweep();
    return datasets;
  }

  /** In a spec an unknown upload is bad data; only its own address is a page that is not there. */
  private static UploadedDatasets uploads(UploadedFiles files) {
    return id -> {
      try {
        return new UploadedDatasets.Upload(files.content(id), files.originalName(id));
      } catch (MissingException e) {
        throw DatasetException.of(
            "not_found",
            "/dataset/uri",
            "No dataset was uploaded under this id; GET /v1/datasets lists those there are.");
      }
    };
  }

  @Bean
  SoftTargetStore softTargetStore(
      DataDirectory data,
      SharedFiles shared,
      SoftTargetSettings settings,
      SoftTargetMetrics metrics,
      Clock clock) {
    SoftTargetStore store =
        new SoftTargetStore(
            data.directory("targets"),
            settings.maxBytes().toBytes(),
            settings.commitEvery(),
            clock,
            metrics,
            new BucketTargets(shared));
    store.trim();
    return store;
  }

  @Bean
  ForeignModels foreignModels(ModelSettings settings) {
    return new ForeignModels(settings.limits());
  }

  @Bean
  RemoteModels remoteModels(Outgoing outgoing, TeacherSettings settings) {
    return new RemoteModels(outgoing, settings.remoteTokens());
  }

  @Bean
  Pipeline pipeline(
      Datasets datasets,
      SoftTargetStore targets,
      ModelReader models,
      ForeignModels foreign,
      RemoteModels remote,
      ObjectProvider<BuildProperties> build) {
    BuildProperties facts = build.getIfAvailable();
    String version = facts == null ? null : facts.getVersion();
    return new Pipeline(
        datasets,
        model -> models.read(model.file()),
        foreign,
        remote,
        targets,
        version == null ? "development" : version);
  }

  @Bean
  JobEngine jobEngine(Pipeline pipeline) {
    return pipeline::run;
  }

  @Bean
  LabellingHelp labellingHelp(Pipeline pipeline) {
    return pipeline::help;
  }
}
