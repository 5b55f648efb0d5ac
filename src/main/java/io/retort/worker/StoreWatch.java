package io.retort.worker;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.retort.artifact.StoreHealth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Takes no jobs while what comes of them could not be kept; those that run go on. */
@Component
@WorkerOnly
class StoreWatch {

  private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);

  private final StoreHealth store;
  private final ObjectProvider<Scheduler> queue;

  StoreWatch(StoreHealth store, ObjectProvider<Scheduler> queue) {
    this.store = store;
    this.queue = queue;
  }

  void look() {
    queue.ifAvailable(
        scheduler -> {
          boolean paused = scheduler.getSchedulerState().isPaused();
          if (paused == store.isUp()) {
            LOG.info("{} jobs", paused ? "Takes" : "Takes no");
            if (paused) {
              scheduler.resume();
            } else {
              scheduler.pause();
            }
          }
        });
  }
}
