package io.retort.artifact;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where files are kept.
 *
 * @param minFree disk space below which the service is not ready and its workers take no jobs
 */
@ConfigurationProperties("retort.store")
record StoreSettings(@DefaultValue("256MB") DataSize minFree) {}
