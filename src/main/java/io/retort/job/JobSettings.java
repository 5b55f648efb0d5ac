package io.retort.job;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What a job may cost the service.
 *
 * @param lostWorkers workers that may be lost over a job in all, however far it comes in between
 */
@Validated
@ConfigurationProperties("retort.jobs")
record JobSettings(@DefaultValue("20") @Min(1) @Max(1_000) int lostWorkers) {}
