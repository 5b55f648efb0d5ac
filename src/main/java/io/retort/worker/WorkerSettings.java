package io.retort.worker;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How this process works.
 *
 * @param enabled whether it takes jobs at all
 * @param slots jobs at once
 * @param threads compute threads of each job; null means cores divided by slots
 * @param memory beside the heap that its jobs may use together; null means what the machine or
 *     container has beside this process's heap
 * @param longestJob after which an attempt is given up
 * @param shareLabellingOver a labelling that seems to take longer is shared with free slots of
 *     others
 * @param checkpointEvery time between two checkpoints of a training; what a lost worker had done
 *     since the last one is done again
 */
@Validated
@ConfigurationProperties("retort.worker")
public record WorkerSettings(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("1") @Min(1) @Max(256) int slots,
    @Nullable @Min(1) @Max(1024) Integer threads,
    @Nullable DataSize memory,
    @DefaultValue("7d") Duration longestJob,
    @DefaultValue("20s") @DurationMin Duration shareLabellingOver,
    @DefaultValue("15s") @DurationMin(millis = 100) Duration checkpointEvery) {

  /** Bytes beside the heap that all jobs of this process may use together. */
  public long memoryBytes() {
    if (memory != null) {
      return memory.toBytes();
    }
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    long all =
        system instanceof com.sun.management.OperatingSystemMXBean known
            ? known.getTotalMemorySize() // a container's where there is one
            : Long.MAX_VALUE;
    return Math.max(all - Runtime.getRuntime().maxMemory(), all / 4);
  }

  /** Compute threads of each job, at least 1. */
  public int threadsPerJob() {
    return threads != null
        ? threads
        : Math.max(1, Runtime.getRuntime().availableProcessors() / slots);
  }
}
