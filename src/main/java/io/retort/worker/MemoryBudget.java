package io.retort.worker;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** The memory of this worker, set aside for the jobs that it runs. */
@Component
@WorkerOnly
class MemoryBudget {

  private final long all;
  private final long mostPerJob;
  private final Map<UUID, Long> kept = new HashMap<>();

  MemoryBudget(WorkerSettings settings, LimitSettings limits) {
    this.all = settings.memoryBytes();
    this.mostPerJob = limits.memoryBytes(settings);
  }

  /** Bytes that a job may need on the largest worker. */
  long mostPerJob() {
    return mostPerJob;
  }

  /**
   * Sets memory aside for a job, instead of what was set aside for it before.
   *
   * @return false where the others leave too little; then nothing has changed
   */
  synchronized boolean keep(UUID job, long bytes) {
    long others =
        kept.entrySet().stream()
            .filter(entry -> !entry.getKey().equals(job))
            .mapToLong(Map.Entry::getValue)
            .sum();
    if (bytes > all - others) {
      return false;
    }
    kept.put(job, bytes);
    return true;
  }

  synchronized void free(UUID job) {
    kept.remove(job);
  }
}
