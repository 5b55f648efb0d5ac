package io.retort.access;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What each tenant may use at most.
 *
 * @param queuedJobs jobs that wait
 * @param runningJobs jobs that run at once; 0 means as many as there are workers
 * @param storedBytes datasets, models and artifacts together
 * @param requestsPerSecond in the long run, counted by each process; ten seconds' worth at once
 * @param streams of jobs' events that are open at once, counted by each process
 */
@Validated
@ConfigurationProperties("retort.quota")
public record QuotaSettings(
    @DefaultValue("1000") @Min(1) int queuedJobs,
    @DefaultValue("0") @Min(0) int runningJobs,
    @DefaultValue("100GB") DataSize storedBytes,
    @DefaultValue("100") @Min(1) @Max(1_000_000) int requestsPerSecond,
    @DefaultValue("500") @Min(1) int streams) {}
