package io.retort.job;

import io.retort.spec.Sha256;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.JsonNode;

/** Which job was made under which Idempotency-Key. */
@Repository
class Submissions {

  private record Earlier(UUID jobId, String bodySha256) {}

  private final JdbcClient jdbc;
  private final Clock clock;

  Submissions(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /**
   * The job that the same request made before.
   *
   * @throws JobException {@code idempotency_key_reused} where the key came with another body
   */
  Optional<UUID> earlier(String tenant, String key, JsonNode posted) {
    Optional<Earlier> found =
        jdbc.sql("select job_id, body_sha256 from submission where tenant = ? and key = ?")
            .params(tenant, key)
            .query(Earlier.class)
            .optional();
    found
        .filter(earlier -> !earlier.bodySha256().equals(hash(posted)))
        .ifPresent(
            earlier -> {
              throw JobException.keyReused(key, earlier.jobId());
            });
    return found.map(Earlier::jobId);
  }

  /** Answers false where another request with the key was faster; waits for one under way. */
  boolean remember(String tenant, String key, JsonNode posted, UUID job) {
    return jdbc.sql(
                "insert into submission (tenant, key, body_sha256, job_id, created_at)"
                    + " values (?, ?, ?, ?, ?) on conflict do nothing")
            .params(tenant, key, hash(posted), job, Timestamp.from(clock.instant()))
            .update()
        > 0;
  }

  /** Of the JSON and not of its spaces. */
  private static String hash(JsonNode posted) {
    return Sha256.of(posted.toString());
  }
}
