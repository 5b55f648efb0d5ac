package io.retort.job;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Finds the jobs of all tenants that retention looks for; oldest first. */
@Repository
public class OldJobs {

  private final JdbcClient jdbc;

  OldJobs(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Jobs that ended before a time and have told everybody of it. */
  public List<UUID> endedBefore(Instant time, int limit) {
    return find(
        "not exists (select 1 from delivery where job_id = job.id and status = 'PENDING')",
        time,
        limit);
  }

  /** Jobs that ended before a time and have files. */
  public List<UUID> withFilesEndedBefore(Instant time, int limit) {
    return find("exists (select 1 from artifact where job_id = job.id)", time, limit);
  }

  private List<UUID> find(String condition, Instant time, int limit) {
    return jdbc.sql(
            "select id from job where finished_at < ? and "
                + condition
                + " order by finished_at, id limit ?")
        .params(Timestamp.from(time), limit)
        .query(UUID.class)
        .list();
  }

  /** When the oldest job was made that has not ended. */
  public Optional<Instant> oldestLive() {
    return jdbc.sql(
            "select created_at from job where status in"
                + " ('QUEUED', 'RUNNING', 'PAUSING', 'PAUSED', 'CANCELLING')"
                + " order by created_at limit 1")
        .query(Timestamp.class)
        .optional()
        .map(Timestamp::toInstant);
  }
}
