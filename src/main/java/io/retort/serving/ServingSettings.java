package io.retort.serving;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much serving may take.
 *
 * @param maxModels that are loaded at once
 * @param maxBytes of memory that loaded models take together, by estimate
 * @param maxRows of one request
 */
@ConfigurationProperties("retort.serving")
record ServingSettings(
    @DefaultValue("8") int maxModels,
    @DefaultValue("2GB") DataSize maxBytes,
    @DefaultValue("1024") int maxRows) {

  ServingSettings {
    if (maxModels < 1 || maxRows < 1 || maxBytes.toBytes() < 1) {
      throw new IllegalArgumentException(
          "retort.serving.max-models, max-bytes and max-rows must be at least 1");
    }
  }
}
