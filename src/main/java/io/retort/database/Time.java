package io.retort.database;

import java.time.Clock;
import java.time.ZoneOffset;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The clock by which everything is dated, no finer than databases and clients keep it. */
@Configuration(proxyBeanMethods = false)
class Time {

  @Bean
  Clock retortClock() {
    return Clock.tickMillis(ZoneOffset.UTC);
  }
}
