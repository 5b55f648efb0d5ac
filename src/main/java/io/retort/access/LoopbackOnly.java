package io.retort.access;

import java.net.InetAddress;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.stereotype.Component;

/** Keeps a service that asks for no key off the network, unless the operator says otherwise. */
@Component
class LoopbackOnly {

  LoopbackOnly(ServerProperties server, AccessSettings settings) {
    InetAddress address = server.getAddress();
    boolean guarded = settings.keysRequired() || settings.allowUnauthenticated();
    if (!guarded && (address == null || !address.isLoopbackAddress())) {
      throw new OpenToTheNetworkException(
          address == null ? "every address" : address.getHostAddress());
    }
  }
}
