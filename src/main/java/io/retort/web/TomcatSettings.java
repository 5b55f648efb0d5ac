package io.retort.web;

import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What has no property of its own. */
@Configuration(proxyBeanMethods = false)
class TomcatSettings {

  /** Tomcat fails at the eleventh language of `Accept-Language`, which nothing here looks at. */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> anyLanguages() {
    return factory -> factory.addConnectorCustomizers(connector -> connector.setMaxLocaleCount(-1));
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsByTomcat() {
    return factory ->
        factory.addContextCustomizers(
            context ->
                ((StandardHost) context.getParent())
                    .setErrorReportValveClass(ProblemValve.class.getName()));
  }
}
