package io.retort.job;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.retort.spec.JobType;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** How many jobs there are and how long they wait, read from the database when it is asked for. */
@Component
class JobMetrics implements MeterBinder {

  private final JdbcClient jdbc;

  JobMetrics(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (JobType type : JobType.values()) {
      for (JobStatus status : new JobStatus[] {JobStatus.QUEUED, JobStatus.RUNNING}) {
        gauge("retort.jobs", "Jobs in this status", type, m -> m.count(type, status))
            .tag("status", status.toString())
            .register(registry);
      }
      gauge("retort.queue.age", "How long the oldest queued job has waited", type, m -> m.age(type))
          .baseUnit("seconds")
          .register(registry);
    }
    Gauge.builder("retort.workers", this, JobMetrics::workers)
        .description("Workers heard of in the last 20 s")
        .register(registry);
    Gauge.builder("retort.jobs.heartbeat.missed", this, JobMetrics::missed)
        .description("Running jobs whose worker has not been heard of for 10 s")
        .register(registry);
  }

  private Gauge.Builder<JobMetrics> gauge(
      String name, String description, JobType type, ToDoubleFunction<JobMetrics> value) {
    return Gauge.builder(name, this, value)
        .description(description)
        .tag("type", type.name().toLowerCase(Locale.ROOT));
  }

  private double count(JobType type, JobStatus status) {
    return ask(
        "select count(*) from job where type = ? and status = ?", type.name(), status.name());
  }

  private double age(JobType type) {
    return ask(
        "select coalesce(extract(epoch from now() - min(created_at)), 0) from job"
            + " where type = ? and status = 'QUEUED'",
        type.name());
  }

  private double workers() {
    return ask("select count(*) from worker where heartbeat_at > now() - interval '20 s'");
  }

  private double missed() {
    return ask(
        "select count(*) from scheduled_tasks where task_name = ? and picked"
            + " and last_heartbeat < now() - interval '10 s'",
        JobQueue.TASK.getTaskName());
  }

  /** Not a number while the database is away. */
  private double ask(String question, Object... values) {
    try {
      return jdbc.sql(question).params(values).query(Double.class).single();
    } catch (DataAccessException | TransactionException e) {
      return Double.NaN;
    }
  }
}
