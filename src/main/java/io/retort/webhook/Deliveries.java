package io.retort.webhook;

import io.retort.database.Uuids;
import io.retort.spec.JobEvent;
import io.retort.web.CursorPage;
import io.retort.web.MissingException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** What receivers are told or have been told. */
@Repository
class Deliveries {

  /** A delivery that is not at its end. */
  record Due(
      UUID id,
      UUID messageId,
      UUID jobId,
      String tenant,
      String url,
      String body,
      int attempts,
      Instant nextAttemptAt) {}

  private final JdbcClient jdbc;
  private final Clock clock;

  Deliveries(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /** Notes an event for an address, unless that has said that it is gone; answers the id. */
  Optional<UUID> add(UUID job, JobEvent event, String url, String body) {
    UUID id = Uuids.next();
    Timestamp now = Timestamp.from(clock.instant());
    int added =
        jdbc.sql(
                "insert into delivery (id, message_id, job_id, event, url, body, status,"
                    + " next_attempt_at, created_at)"
                    + " select ?, ?, ?, ?, ?, ?, 'PENDING', ?, ? where not exists"
                    + " (select 1 from delivery where job_id = ? and url = ? and last_status = 410)")
            .params(id, id, job, event.toString(), url, body, now, now, job, url)
            .update();
    return added > 0 ? Optional.of(id) : Optional.empty();
  }

  /**
   * The same message once more, as a delivery of its own.
   *
   * @throws MissingException where the job has no such delivery
   */
  UUID again(UUID job, UUID delivery) {
    UUID id = Uuids.next();
    Timestamp now = Timestamp.from(clock.instant());
    int added =
        jdbc.sql(
                "insert into delivery (id, message_id, job_id, event, url, body, status,"
                    + " next_attempt_at, created_at)"
                    + " select ?, message_id, job_id, event, url, body, 'PENDING', ?, ?"
                    + " from delivery where id = ? and job_id = ?")
            .params(id, now, now, delivery, job)
            .update();
    if (added == 0) {
      throw new MissingException("delivery", delivery.toString());
    }
    return id;
  }

  /** Empty where it has come to its end, or the job is gone. */
  Optional<Due> due(UUID id) {
    return jdbc.sql(
            "select d.id, message_id, job_id, tenant, url, body, attempts, next_attempt_at"
                + " from delivery d join job on job.id = job_id"
                + " where d.id = ? and d.status = 'PENDING'")
        .param(id)
        .query(Due.class)
        .optional();
  }

  /**
   * Notes an attempt.
   *
   * @param next when it is to be tried again; null where that was the last one
   */
  @Transactional
  public void attempted(Due delivery, Attempt attempt, @Nullable Instant next) {
    Timestamp now = Timestamp.from(clock.instant());
    DeliveryStatus status =
        attempt.delivered()
            ? DeliveryStatus.DELIVERED
            : next == null ? DeliveryStatus.FAILED : DeliveryStatus.PENDING;
    if (attempt.gone()) {
      lockSiblings(delivery); // or two that are told so at once would wait for each other
    }
    jdbc.sql(
            "update delivery set status = :status, attempts = :attempts, last_status = :answer,"
                + " last_error = :error, next_attempt_at = :next, delivered_at = :delivered"
                + " where id = :id")
        .param("status", status.name())
        .param("attempts", delivery.attempts() + 1)
        .param("answer", attempt.status())
        .param("error", attempt.error())
        .param("next", next == null ? null : Timestamp.from(next))
        .param("delivered", attempt.delivered() ? now : null)
        .param("id", delivery.id())
        .update();
    if (attempt.gone()) {
      jdbc.sql(
              "update delivery set status = 'FAILED', next_attempt_at = null"
                  + " where job_id = ? and url = ? and status = 'PENDING'")
          .params(delivery.jobId(), delivery.url())
          .update();
    }
  }

  private void lockSiblings(Due delivery) {
    jdbc.sql("select id from delivery where job_id = ? and url = ? order by id for update")
        .params(delivery.jobId(), delivery.url())
        .query(UUID.class)
        .list();
  }

  /** A job's, in the order in which its events happened. */
  CursorPage<DeliveryView> page(UUID job, int limit, @Nullable UUID after) {
    List<DeliveryView> rows =
        jdbc.sql(
                "select * from delivery where job_id = :job"
                    + " and (cast(:after as uuid) is null or id > :after)"
                    + " order by id limit :limit")
            .param("job", job)
            .param("after", after)
            .param("limit", limit + 1)
            .query(Deliveries::view)
            .list();
    return CursorPage.of(rows, limit, row -> row.id().toString());
  }

  DeliveryView find(UUID id) {
    return jdbc.sql("select * from delivery where id = ?")
        .param(id)
        .query(Deliveries::view)
        .single();
  }

  private static DeliveryView view(ResultSet row, int number) throws SQLException {
    return new DeliveryView(
        row.getObject("id", UUID.class),
        row.getObject("message_id", UUID.class),
        row.getString("event"),
        row.getString("url").replaceFirst("[?#].*", ""),
        DeliveryStatus.valueOf(row.getString("status")),
        row.getInt("attempts"),
        row.getObject("last_status", Integer.class),
        row.getString("last_error"),
        instant(row.getTimestamp("next_attempt_at")),
        row.getTimestamp("created_at").toInstant(),
        instant(row.getTimestamp("delivered_at")));
  }

  private static @Nullable Instant instant(@Nullable Timestamp time) {
    return time == null ? null : time.toInstant();
  }
}
