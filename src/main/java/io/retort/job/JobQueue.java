package io.retort.job;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The queue that all workers on the database share. An entry is the job's id and nothing more;
 * everything else is in the job.
 */
@Component
public class JobQueue {

  /** What workers execute; the instance's name is the job's id. */
  public static final TaskDescriptor<Void> TASK = TaskDescriptor.of("job");

  private static final Logger LOG = LoggerFactory.getLogger(JobQueue.class);

  private final SchedulerClient client;
  private final JdbcClient jdbc;
  private final FairOrder order;
  private final TransactionTemplate transaction;

  JobQueue(
      DataSource database,
      JdbcClient jdbc,
      FairOrder order,
      PlatformTransactionManager transactions) {
    // Takes part in the caller's transaction; works in a process without workers, too.
    this.client =
        SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(database))
            .enablePriority()
            .build();
    this.jdbc = jdbc;
    this.order = order;
    this.transaction = new TransactionTemplate(transactions);
  }

  /** Puts a job into its tenant's queue, in the transaction that made it. */
  void add(UUID job, String tenant) {
    client.scheduleIfNotExists(
        TASK.instance(job.toString()).priority(FairOrder.LAST).scheduledTo(order.firstTime()));
    order.rank(tenant);
  }

  /** A job of the tenant started or ended, so its other jobs' turns change. */
  void changed(String tenant) {
    order.rank(tenant);
  }

  /**
   * Puts jobs back that have not ended and have no entry. There should be none; but workers that
   * are taken for dead and are not can, between them, remove an entry too many.
   */
  public void repair() {
    jdbc.sql(
            "select distinct tenant from job where status in ('QUEUED', 'RUNNING', 'PAUSING', 'CANCELLING')")
        .query(String.class)
        .list()
        .forEach(tenant -> transaction.executeWithoutResult(status -> repair(tenant)));
  }

  private void repair(String tenant) {
    jdbc.sql(
            "select id from job where tenant = ? and status in ('QUEUED', 'RUNNING', 'PAUSING', 'CANCELLING')"
                + " and not exists (select 1 from scheduled_tasks"
                + "   where task_name = ? and task_instance = job.id::text)")
        .params(tenant, TASK.getTaskName())
        .query(UUID.class)
        .list()
        .forEach(
            job -> {
              LOG.warn("Job {} had lost its place in the queue", job);
              add(job, tenant);
            });
    order.rank(tenant);
  }

  /** Takes a job out again, unless a worker has just picked it: that one will find it cancelled. */
  void remove(UUID job, String tenant) {
    order.lock(tenant);
    try {
      client.cancel(TASK.instanceId(job.toString()));
    } catch (TaskInstanceException pickedOrGone) {
      // The worker looks at the job's status first.
    }
    order.rank(tenant);
  }
}
