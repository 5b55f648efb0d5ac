package io.retort.chore;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import java.time.Instant;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.stereotype.Component;

/** Where chores wait, for all workers on the database. */
@Component
public class ChoreQueue {

  static final String TABLE = "chore";

  private final SchedulerClient client;

  ChoreQueue(DataSource database) {
    // Takes part in the caller's transaction; works in a process without workers, too.
    this.client =
        SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(database))
            .tableName(TABLE)
            .build();
  }

  /** Queues a chore in the caller's transaction. */
  public void add(TaskDescriptor<Void> chore, String instance, Instant when) {
    client.scheduleIfNotExists(chore.instance(instance).scheduledTo(when));
  }
}
