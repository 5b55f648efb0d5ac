package io.retort.engine;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much of what teachers gave is kept.
 *
 * @param maxBytes the least recently used goes first once there is more
 * @param commitEvery how much of a teacher's work a crash may cost, at most; a tenth of a labelling
 *     where that is more
 */
@ConfigurationProperties("retort.soft-targets")
record SoftTargetSettings(
    @DefaultValue("20GB") DataSize maxBytes, @DefaultValue("10s") Duration commitEvery) {

  SoftTargetSettings {
    if (maxBytes.toBytes() < 1) {
      throw new IllegalArgumentException(
          "retort.soft-targets.max-bytes is " + maxBytes + "; it must be at least 1B");
    }
    if (commitEvery.isNegative()) {
      throw new IllegalArgumentException(
          "retort.soft-targets.commit-every is " + commitEvery + "; it must not be negative");
    }
  }
}
