package io.retort.web.connection;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Has Tomcat speak with its clients as {@link PatientProtocol} does. */
@Configuration(proxyBeanMethods = false)
class ConnectionConfiguration {

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> patience(ClientSettings settings) {
    return factory -> {
      factory.setProtocol(PatientProtocol.class.getName());
      factory.addConnectorCustomizers(
          connector -> ((PatientProtocol) connector.getProtocolHandler()).use(settings));
    };
  }
}
