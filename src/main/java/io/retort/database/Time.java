package io.retort.database;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The clock by which everything is dated. */
@Configuration(proxyBeanMethods = false)
class Time {

  @Bean
  Clock retortClock() {
    return Clock.systemUTC();
  }
}
