package io.retort.worker;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The workers on this database. */
@Repository
public class Workers {

  private static final Duration ALIVE = Duration.ofSeconds(20);
  private static final Duration FORGOTTEN = Duration.ofDays(1);

  /** A worker that has been heard of lately. */
  public record Worker(
      String name, int slots, int threads, Instant startedAt, Instant heartbeatAt) {}

  private final JdbcClient jdbc;
  private final Clock clock;

  Workers(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  public List<Worker> alive() {
    return jdbc.sql(
            "select name, slots, threads, started_at, heartbeat_at from worker"
                + " where heartbeat_at > ? order by name")
        .param(Timestamp.from(clock.instant().minus(ALIVE)))
        .query(Worker.class)
        .list();
  }

  void beat(WorkerName name, WorkerSettings settings) {
    Timestamp now = Timestamp.from(clock.instant());
    jdbc.sql(
            "insert into worker (name, slots, threads, started_at, heartbeat_at)"
                + " values (?, ?, ?, ?, ?)"
                + " on conflict (name) do update set heartbeat_at = excluded.heartbeat_at")
        .params(name.value(), settings.slots(), settings.threadsPerJob(), now, now)
        .update();
  }

  void leave(WorkerName name) {
    jdbc.sql("delete from worker where name = ? or heartbeat_at < ?")
        .params(name.value(), Timestamp.from(clock.instant().minus(FORGOTTEN)))
        .update();
  }
}
