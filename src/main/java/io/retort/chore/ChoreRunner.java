package io.retort.chore;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.boot.autoconfigure.Jackson3Serializer;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerProperties;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Runs chores, in every process with a worker. It is not a bean of the library's type, which the
 * jobs' own scheduler would give way to.
 */
@Component
@ConditionalOnBooleanProperty(name = "retort.worker.enabled", matchIfMissing = true)
class ChoreRunner implements SmartLifecycle {

  /** Chores at once, in this process. */
  static final int THREADS = 8;

  private static final Duration POLL = Duration.ofMillis(500);

  /** A chore that a stop interrupts is done again by another worker. */
  private static final Duration STOP = Duration.ofSeconds(1);

  private final DataSource database;
  private final DbSchedulerProperties jobs;
  private final List<Chore> chores;
  private @Nullable Scheduler scheduler;

  ChoreRunner(DataSource database, DbSchedulerProperties jobs, List<Chore> chores) {
    this.database = database;
    this.jobs = jobs;
    this.chores = chores;
  }

  @Override
  public synchronized void start() {
    Scheduler runner =
        Scheduler.create(database, queued())
            .startTasks(recurring())
            .tableName(ChoreQueue.TABLE)
            .schedulerName(new SchedulerName.Fixed("chores-" + UUID.randomUUID()))
            .serializer(new Jackson3Serializer())
            .threads(THREADS)
            .pollUsingLockAndFetch(0.5, 1.0)
            .pollingInterval(POLL)
            .heartbeatInterval(jobs.getHeartbeatInterval())
            .missedHeartbeatsLimit(jobs.getMissedHeartbeatsLimit())
            .shutdownMaxWait(STOP)
            .build();
    runner.start();
    scheduler = runner;
  }

  private List<Task<?>> queued() {
    return tasks().filter(task -> !(task instanceof RecurringTask<?>)).toList();
  }

  private List<RecurringTask<?>> recurring() {
    List<RecurringTask<?>> recurring = new ArrayList<>();
    tasks()
        .forEach(
            task -> {
              if (task instanceof RecurringTask<?> again) {
                recurring.add(again);
              }
            });
    return recurring;
  }

  private Stream<Task<?>> tasks() {
    return chores.stream().map(Chore::task);
  }

  @Override
  public synchronized void stop() {
    if (scheduler != null) {
      scheduler.stop();
      scheduler = null;
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return scheduler != null;
  }
}
