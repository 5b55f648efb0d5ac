package io.retort.engine;

import io.retort.model.foreign.ModelLimits;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of the processes in which other frameworks' models run.
 *
 * @param memory what one may take
 * @param inspectionTimeout longest time to look into an upload
 * @param callTimeout longest time to open a model, or for one batch
 */
@ConfigurationProperties("retort.models")
record ModelSettings(
    @DefaultValue("4GB") DataSize memory,
    @DefaultValue("60s") Duration inspectionTimeout,
    @DefaultValue("5m") Duration callTimeout) {

  ModelLimits limits() {
    return new ModelLimits(memory.toBytes(), inspectionTimeout, callTimeout);
  }
}
