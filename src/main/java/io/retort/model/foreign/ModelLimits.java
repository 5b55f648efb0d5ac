package io.retort.model.foreign;

import java.time.Duration;

/**
 * Bounds of a process of models.
 *
 * @param memoryBytes what the model may take, beside what a JVM takes anyway
 * @param inspection longest time to look at a file, starting included
 * @param call longest time to open a model or to compute one batch
 */
public record ModelLimits(long memoryBytes, Duration inspection, Duration call) {

  public static final ModelLimits DEFAULT =
      new ModelLimits(4L << 30, Duration.ofSeconds(60), Duration.ofMinutes(5));
}
