package io.retort.web.connection;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How slow a client may be.
 *
 * @param headersWithin from the first byte of a request to the last of its headers
 * @param patience how far behind {@code minRate} it may fall
 * @param minRate bytes a second that it must send or read while a thread waits for it
 * @param drain how long the rest of a body is read that nobody wants, so that a client which sends
 *     all of it before it looks sees its answer
 */
@ConfigurationProperties("retort.clients")
record ClientSettings(
    @DefaultValue("20s") Duration headersWithin,
    @DefaultValue("10s") Duration patience,
    @DefaultValue("16KB") DataSize minRate,
    @DefaultValue("30s") Duration drain) {}
