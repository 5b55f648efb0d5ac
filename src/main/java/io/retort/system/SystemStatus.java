package io.retort.system;

import io.retort.job.JobStatus;
import io.retort.worker.Workers;
import io.retort.worker.Workers.Worker;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Gathers what runs here. */
@Service
class SystemStatus {

  /** The state of the whole installation, not only of the process that answers. */
  @Schema(name = "SystemInfo", description = "What runs here.")
  record View(
      @Schema(example = "0.1.0") String version,
      Backend backend,
      @Schema(example = "17.0.15+6 (Eclipse Adoptium)") String java,
      @Schema(description = "Jobs that wait for a worker") int queueDepth,
      @Schema(description = "Jobs that workers have taken") int running,
      @Schema(description = "Workers heard of in the last seconds") List<Worker> workers) {}

  private final JdbcClient jdbc;
  private final Workers workers;
  private final BackendProbe backend;
  private final Optional<BuildProperties> build;

  SystemStatus(
      JdbcClient jdbc,
      Workers workers,
      BackendProbe backend,
      ObjectProvider<BuildProperties> build) {
    this.jdbc = jdbc;
    this.workers = workers;
    this.backend = backend;
    this.build = Optional.ofNullable(build.getIfAvailable());
  }

  View now() {
    return new View(
        build.map(BuildProperties::getVersion).orElse("development"),
        backend.backend(),
        Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
        count(JobStatus.QUEUED),
        count(JobStatus.RUNNING) + count(JobStatus.PAUSING) + count(JobStatus.CANCELLING),
        workers.alive());
  }

  private int count(JobStatus status) {
    return jdbc.sql("select count(*) from job where status = ?")
        .param(status.name())
        .query(Integer.class)
        .single();
  }
}
