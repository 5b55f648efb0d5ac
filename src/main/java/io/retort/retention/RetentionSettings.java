package io.retort.retention;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How long things are kept; null means for ever.
 *
 * @param jobs that have ended, with events, metrics, deliveries and files
 * @param artifacts files of jobs that have ended; the jobs themselves stay
 * @param models that jobs made
 * @param uploadedModels likewise, uploaded ones
 * @param datasets uploaded ones
 * @param softTargets that no job has read for so long
 * @param sharedSoftTargets of soft targets in the bucket; over it, the least recently used go first
 * @param preparedDatasets copies of datasets in the form in which jobs read them, which no job has
 *     read for so long; one that is needed again is made again
 * @param maxBytes of artifacts, models and datasets together; over it, the oldest files of jobs go
 *     first, then the oldest models that jobs made
 * @param every how often it is looked
 */
@Validated
@ConfigurationProperties("retort.retention")
record RetentionSettings(
    @Nullable @DurationMin(seconds = 1) Duration jobs,
    @Nullable @DurationMin(seconds = 1) Duration artifacts,
    @Nullable @DurationMin(seconds = 1) Duration models,
    @Nullable @DurationMin(seconds = 1) Duration uploadedModels,
    @Nullable @DurationMin(seconds = 1) Duration datasets,
    @Nullable @DurationMin(seconds = 1) Duration softTargets,
    @DefaultValue("100GB") DataSize sharedSoftTargets,
    @DefaultValue("30d") @DurationMin(seconds = 1) Duration preparedDatasets,
    @Nullable DataSize maxBytes,
    @DefaultValue("1h") @DurationMin(seconds = 1) Duration every) {}
