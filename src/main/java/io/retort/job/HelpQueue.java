package io.retort.job;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.retort.job.Runs.Lease;
import io.retort.spec.JobSpec;
import io.retort.spec.Phase;
import io.retort.spec.SpecReader;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Calls for help with a long labelling, in the queue of jobs but behind every job that waits. An
 * entry's name is the job's id and a number.
 */
@Component
public class HelpQueue {

  /** What workers execute beside jobs. */
  public static final TaskDescriptor<Void> TASK = TaskDescriptor.of("help");

  /** Behind every job that has a rank. */
  private static final int PRIORITY = FairOrder.LAST + 200;

  /** For a call whose helper died: it stays, so that it is not made again while the job runs. */
  public static final Instant NEVER = FairOrder.HELD;

  private final SchedulerClient client;
  private final JdbcClient jdbc;
  private final Jobs jobs;
  private final Clock clock;

  HelpQueue(DataSource database, JdbcClient jdbc, Jobs jobs, Clock clock) {
    this.client = SchedulerClient.Builder.create(database).enablePriority().build();
    this.jdbc = jdbc;
    this.jobs = jobs;
    this.clock = clock;
  }

  /** Calls so many helpers to a job, unless they are there already. */
  public void call(UUID job, int helpers) {
    for (int i = 1; i <= helpers; i++) {
      client.scheduleIfNotExists(
          TASK.instance(job + "/" + i).priority(PRIORITY).scheduledTo(clock.instant()));
    }
  }

  /** The job of a call. */
  public static UUID job(String instance) {
    return UUID.fromString(instance.substring(0, instance.indexOf('/')));
  }

  /** The run that is to be helped; empty where nothing is being labelled any more. */
  public Optional<Lease> answer(UUID id) {
    return jobs.findById(id)
        .filter(job -> job.status() == JobStatus.RUNNING && job.phase() == Phase.LABELLING)
        .map(
            job ->
                new Lease(
                    job.id(),
                    job.tenant(),
                    job.attempt(),
                    SpecReader.mapper().treeToValue(job.resolved(), JobSpec.class)));
  }

  /** Whether the same run still labels, and no job waits for the helper's place. */
  public boolean isWanted(Lease lease) {
    return jdbc.sql(
            """
            select exists (select 1 from job
                           where id = ? and attempt = ? and status = 'RUNNING' and phase = 'LABELLING')
               and not exists (select 1 from scheduled_tasks
                               where task_name = ? and not picked and execution_time <= now())
            """)
        .params(lease.job(), lease.attempt(), JobQueue.TASK.getTaskName())
        .query(Boolean.class)
        .single();
  }

  /** Removes the calls of jobs that run no more. */
  public void sweep() {
    jdbc.sql(
            """
            delete from scheduled_tasks
            where task_name = ? and not picked and not exists (
              select 1 from job
              where id::text = split_part(task_instance, '/', 1) and status = 'RUNNING')
            """)
        .param(TASK.getTaskName())
        .update();
  }
}
