package io.retort.access;

import java.net.InetAddress;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.stereotype.Component;

/** Keeps a service that asks for no key off the network, unless the operator says otherwise. */
@Component
class LoopbackOnly {

  LoopbackOnly(
      ServerProperties server,
      @Value("${retort.access.allow-unauthenticated:false}") boolean allowUnauthenticated) {
    InetAddress address = server.getAddress();
    if (!allowUnauthenticated && (address == null || !address.isLoopbackAddress())) {
      throw new OpenToTheNetworkException(
          address == null ? "every address" : address.getHostAddress());
    }
  }
}
