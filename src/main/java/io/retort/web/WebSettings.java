package io.retort.web;

import java.time.DateTimeException;
import java.time.Instant;
import org.springframework.context.annotation.Configuration;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** How requests are read. */
@Configuration(proxyBeanMethods = false)
class WebSettings implements WebMvcConfigurer {

  private static final Instant BEGIN = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");

  @Override
  public void addFormatters(FormatterRegistry registry) {
    registry.addConverterFactory(new WireNames());
    // Spring's own would take a number for milliseconds since 1970.
    registry.addConverter(String.class, Instant.class, WebSettings::time);
  }

  private static Instant time(String text) {
    Instant time = Instant.parse(text);
    if (time.isBefore(BEGIN) || time.isAfter(END)) {
      throw new DateTimeException("beyond what databases hold");
    }
    return time;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(new PlainBodies());
    registry.addInterceptor(new UnknownParameters());
  }
}
