package io.retort.job;

import io.retort.access.QuotaSettings;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The order in which workers take jobs, so that no tenant waits for another's thousand jobs. A
 * queued job's rank is its place among its tenant's queued jobs (by priority, then age) plus the
 * tenant's running jobs; the lowest rank is taken first, and of equal ones the tenant that has
 * waited longest. Ranks change only when a job of the tenant is queued, starts or ends, and are
 * written then into the queue's own columns, so that taking a job stays one indexed query.
 */
@Component
class FairOrder {

  /** Later ones get their rank when they move up; more workers than this share no queue. */
  private static final int RANKED = 100;

  /** The queue's column is a smallint, highest first. */
  static final int LAST = Short.MIN_VALUE;

  /** When a job may run that its tenant's quota holds back. */
  static final Instant HELD = Instant.parse("9999-01-01T00:00:00Z");

  private final JdbcClient jdbc;
  private final Clock clock;
  private final int mayRun;

  FairOrder(JdbcClient jdbc, QuotaSettings quota, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
    this.mayRun = quota.runningJobs() == 0 ? Integer.MAX_VALUE : quota.runningJobs();
  }

  /** When a job that has no rank yet may run. */
  Instant firstTime() {
    return mayRun == Integer.MAX_VALUE ? clock.instant() : HELD;
  }

  /**
   * Two changes at once must see each other. Taken before an entry of the tenant is touched: {@link
   * #rank} touches them under it, so the other way round each would wait for the other.
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public void lock(String tenant) {
    jdbc.sql("select 1 from pg_advisory_xact_lock(hashtextextended(?, 7))")
        .param(tenant)
        .query(Integer.class)
        .single();
  }

  /** Ranks a tenant's queued jobs anew, in the transaction that changed one of its jobs. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void rank(String tenant) {
    lock(tenant);
    jdbc.sql(
            """
            with busy as (
              select count(*) as jobs from job
              where tenant = :tenant and status in ('RUNNING', 'PAUSING', 'CANCELLING')),
            served as (
              select coalesce(max(started_at), 'epoch') as at from job where tenant = :tenant),
            ranked as (
              select id::text as instance,
                     row_number() over (order by priority desc, id) + (select jobs from busy) as rank
              from job where tenant = :tenant and status = 'QUEUED'
              order by priority desc, id limit :ranked),
            wanted as (
              select instance, (-least(rank, 32000))::smallint as priority,
                     case when rank > :mayRun then :held::timestamptz
                          else (select at from served) end as at
              from ranked)
            update scheduled_tasks queue
            set priority = wanted.priority, execution_time = wanted.at
            from wanted
            where task_name = :task and task_instance = instance and not picked
              and (queue.priority is distinct from wanted.priority or execution_time <> wanted.at)
            """)
        .param("tenant", tenant)
        .param("ranked", RANKED)
        .param("mayRun", mayRun)
        .param("held", Timestamp.from(HELD))
        .param("task", JobQueue.TASK.getTaskName())
        .update();
  }
}
