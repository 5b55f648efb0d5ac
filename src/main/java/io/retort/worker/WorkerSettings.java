package io.retort.worker;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How this process works.
 *
 * @param enabled whether it takes jobs at all
 * @param slots jobs at once
 * @param threads compute threads of each job; null means cores divided by slots
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
    @DefaultValue("7d") Duration longestJob,
    @DefaultValue("20s") @DurationMin Duration shareLabellingOver,
    @DefaultValue("15s") @DurationMin(millis = 100) Duration checkpointEvery) {

  /** Compute threads of each job, at least 1. */
  public int threadsPerJob() {
    return threads != null
        ? threads
        : Math.max(1, Runtime.getRuntime().availableProcessors() / slots);
  }
}
