package io.retort.access;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.stereotype.Component;

/**
 * The names under which a service that listens to this machine alone may be called. A web page
 * whose name was pointed at 127.0.0.1 (DNS rebinding) calls it by another one.
 */
@Component
class LoopbackNames {

  private static final Set<String> NAMES =
      Set.of("localhost", "[::1]", "[0:0:0:0:0:0:0:1]", "::1", "0:0:0:0:0:0:0:1");

  private final boolean onlyLoopback;

  LoopbackNames(ServerProperties server, AccessSettings settings) {
    InetAddress address = server.getAddress();
    this.onlyLoopback =
        address != null && address.isLoopbackAddress() && !settings.allowUnauthenticated();
  }

  /** True for every name where the service listens to more than this machine. */
  boolean contain(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return !onlyLoopback
        || NAMES.contains(name)
        || name.endsWith(".localhost")
        || name.matches("127(\\.\\d{1,3}){3}");
  }
}
