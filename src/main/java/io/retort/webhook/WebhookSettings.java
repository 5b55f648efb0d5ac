package io.retort.webhook;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How receivers are told.
 *
 * @param timeout of one attempt, from the connection to the answer's status
 * @param attempts after which a delivery is given up
 * @param firstRetry pause after the first attempt; each further one is four times as long, up to a
 *     day
 * @param secretOverlap how long a secret signs on after it was replaced
 */
@Validated
@ConfigurationProperties("retort.webhooks")
record WebhookSettings(
    @DefaultValue("10s") @DurationMin(millis = 100) @DurationMax(seconds = 60) Duration timeout,
    @DefaultValue("10") @Min(1) @Max(20) int attempts,
    @DefaultValue("5s") @DurationMin(millis = 10) @DurationMax(days = 1) Duration firstRetry,
    @DefaultValue("24h") @DurationMin @DurationMax(days = 30) Duration secretOverlap) {}
