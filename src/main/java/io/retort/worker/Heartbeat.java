package io.retort.worker;

import io.retort.job.HelpQueue;
import io.retort.job.JobQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Says every few seconds that this worker is there. */
@Component
@WorkerOnly
class Heartbeat implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
  private static final int SECONDS = 5;
  private static final int REPAIR_SECONDS = 30;

  private final Workers workers;
  private final WorkerName name;
  private final WorkerSettings settings;
  private final WorkDirectories directories;
  private final CheckpointDirectories checkpoints;
  private final JobQueue queue;
  private final HelpQueue help;
  private final StoreWatch store;
  private final ScheduledExecutorService clock =
      Executors.newScheduledThreadPool(
          2, // a bucket that hangs must not stop the beats
          work -> {
            Thread thread = new Thread(work, "heartbeat");
            thread.setDaemon(true);
            return thread;
          });
  private volatile boolean running;

  Heartbeat(
      Workers workers,
      WorkerName name,
      WorkerSettings settings,
      WorkDirectories directories,
      CheckpointDirectories checkpoints,
      JobQueue queue,
      HelpQueue help,
      StoreWatch store) {
    this.workers = workers;
    this.name = name;
    this.settings = settings;
    this.directories = directories;
    this.checkpoints = checkpoints;
    this.queue = queue;
    this.help = help;
    this.store = store;
  }

  @Override
  public void start() {
    running = true;
    directories.sweep();
    beat();
    var unusedBeats = clock.scheduleWithFixedDelay(this::beat, SECONDS, SECONDS, TimeUnit.SECONDS);
    var unusedRepairs =
        clock.scheduleWithFixedDelay(this::repair, 0, REPAIR_SECONDS, TimeUnit.SECONDS);
    LOG.info(
        "Worker {}: {} slots of {} threads",
        name.value(),
        settings.slots(),
        settings.threadsPerJob());
  }

  private void beat() {
    try {
      store.look();
      workers.beat(name, settings);
    } catch (DataAccessException e) {
      LOG.warn("No heartbeat: the database does not answer");
    }
  }

  private void repair() {
    try {
      queue.repair();
      help.sweep();
      checkpoints.sweep();
    } catch (DataAccessException e) {
      LOG.debug("The queue is looked through again later", e);
    }
  }

  @Override
  public void stop() {
    running = false;
    clock.shutdownNow();
    try {
      workers.leave(name);
    } catch (DataAccessException e) {
      LOG.debug("The database went first", e);
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
