package io.retort.worker;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * What any job may be at most.
 *
 * @param memoryPerJob what the largest worker has for one job; null means what this process's
 *     worker has, and no limit in a process without one
 */
@ConfigurationProperties("retort.limits")
public record LimitSettings(@Nullable DataSize memoryPerJob) {

  /** Bytes beside the heap that a job may need. */
  public long memoryBytes(WorkerSettings worker) {
    if (memoryPerJob != null) {
      return memoryPerJob.toBytes();
    }
    return worker.enabled() ? worker.memoryBytes() : Long.MAX_VALUE;
  }
}
