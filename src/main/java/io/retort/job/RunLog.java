package io.retort.job;

import io.retort.spec.JobSpec;
import io.retort.spec.Phase;
import io.retort.spec.SpecReader;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** What happens while a job runs: events and metrics, appended in batches, and how far it is. */
@Repository
public class RunLog {

  /** Something that happened. */
  public record Event(Instant at, String level, String message, Map<String, Object> data) {}

  /** One point of a series. */
  public record Metric(String series, int epoch, long step, double value, Instant at) {}

  private final JdbcTemplate jdbc;
  private final JdbcClient client;
  private final JsonMapper json;

  RunLog(JdbcTemplate jdbc, JdbcClient client, JsonMapper json) {
    this.jdbc = jdbc;
    this.client = client;
    this.json = json;
  }

  /**
   * Writes all or nothing, so that a batch may be tried again; and nothing once another attempt has
   * begun or the job has ended. The job's row is held meanwhile, so that neither can happen in
   * between.
   */
  @Transactional
  public void append(UUID job, int attempt, List<Event> events, List<Metric> metrics) {
    boolean own =
        client
            .sql(
                "select 1 from job where id = ? and attempt = ?"
                    + " and status in ('RUNNING', 'PAUSING', 'CANCELLING') for share")
            .params(job, attempt)
            .query(Integer.class)
            .optional()
            .isPresent();
    if (own) {
      append(job, events, metrics);
    }
  }

  /** In the transaction that changes the job. */
  void append(UUID job, List<Event> events, List<Metric> metrics) {
    jdbc.batchUpdate(
        "insert into job_event (job_id, at, level, message, data) values (?, ?, ?, ?, ?::jsonb)",
        events,
        200,
        (row, event) -> {
          row.setObject(1, job);
          row.setTimestamp(2, Timestamp.from(event.at()));
          row.setString(3, event.level());
          row.setString(4, event.message());
          row.setString(5, json.writeValueAsString(event.data()));
        });
    jdbc.batchUpdate(
        "insert into job_metric (job_id, series, epoch, step, value, at)"
            + " values (?, ?, ?, ?, ?, ?)",
        metrics,
        500,
        (row, metric) -> {
          row.setObject(1, job);
          row.setString(2, metric.series());
          row.setInt(3, metric.epoch());
          row.setLong(4, metric.step());
          row.setDouble(5, metric.value());
          row.setTimestamp(6, Timestamp.from(metric.at()));
        });
  }

  /**
   * Notes how far a run is; without effect once another attempt has begun. Does not touch the job's
   * version, as it must never stand in the way of a change of status.
   */
  public void progress(UUID job, int attempt, @Nullable Phase phase, double progress) {
    client
        .sql(
            "update job set phase = :phase, progress = :progress"
                + " where id = :id and attempt = :attempt and status in ('RUNNING', 'PAUSING', 'CANCELLING')")
        .param("phase", phase == null ? null : phase.name())
        .param("progress", progress)
        .param("id", job)
        .param("attempt", attempt)
        .update();
  }

  /** Notes what a run found out before it began; without effect once another attempt has begun. */
  public void found(UUID job, int attempt, JobSpec found) {
    client
        .sql(
            "update job set found = :found::jsonb"
                // runs do not know who is told
                + " || jsonb_build_object('notify', coalesce(resolved -> 'notify', '[]'))"
                + " where id = :id and attempt = :attempt"
                + " and status in ('RUNNING', 'PAUSING', 'CANCELLING')")
        .param("found", SpecReader.mapper().writeValueAsString(found))
        .param("id", job)
        .param("attempt", attempt)
        .update();
  }

  /**
   * The run has come further than any before it, so what was lost before is no sign of a killer.
   */
  public void advanced(UUID job, int attempt) {
    client
        .sql("update job set lost = 0 where id = ? and attempt = ? and lost > 0")
        .params(job, attempt)
        .update();
  }

  /** A new attempt starts its curves afresh. */
  void forgetMetrics(UUID job) {
    client.sql("delete from job_metric where job_id = ?").param(job).update();
  }
}
