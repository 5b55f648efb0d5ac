package io.retort.access;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What webhooks may reach. It is not what datasets may: a host from which everybody may read need
 * not be one to which everybody may post.
 *
 * @param allowedHosts private hosts, as {@code host} or {@code host:port}
 */
@ConfigurationProperties("retort.webhooks")
public record WebhookAccess(@DefaultValue List<String> allowedHosts) {

  public WebhookAccess {
    allowedHosts = List.copyOf(allowedHosts);
  }
}
