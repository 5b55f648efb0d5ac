package io.retort.serving;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How much is kept ready to answer.
 *
 * @param maxModels open at once; the least recently used is closed for another
 * @param maxBytes of the open models' parameters and buffers, roughly
 * @param maxRows of one request
 */
@Validated
@ConfigurationProperties("retort.serving")
record ServingSettings(
    @DefaultValue("8") @Min(1) @Max(1000) int maxModels,
    @DefaultValue("1GB") DataSize maxBytes,
    @DefaultValue("4096") @Min(1) @Max(1_000_000) int maxRows) {}
