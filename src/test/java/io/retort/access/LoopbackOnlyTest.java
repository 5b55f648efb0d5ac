package io.retort.access;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;

class LoopbackOnlyTest {

  @Test
  void refusesToListenToTheNetwork() throws Exception {
    ServerProperties server = new ServerProperties();
    assertThatThrownBy(() -> new LoopbackOnly(server, settings(false, false)))
        .hasMessageContaining("every address");
    server.setAddress(InetAddress.getByName("0.0.0.0"));
    assertThatThrownBy(() -> new LoopbackOnly(server, settings(false, false)))
        .isInstanceOf(OpenToTheNetworkException.class);
    server.setAddress(InetAddress.getByName("::1"));
    assertThatCode(() -> new LoopbackOnly(server, settings(false, false)))
        .doesNotThrowAnyException();
  }

  @Test
  void listensToTheNetworkWhenToldTo() throws Exception {
    ServerProperties server = new ServerProperties();
    server.setAddress(InetAddress.getByName("0.0.0.0"));
    assertThatCode(() -> new LoopbackOnly(server, settings(false, true)))
        .doesNotThrowAnyException();
  }

  @Test
  void listensToTheNetworkWhenKeysAreRequired() {
    ServerProperties server = new ServerProperties();
    assertThatCode(() -> new LoopbackOnly(server, settings(true, false)))
        .doesNotThrowAnyException();
  }

  private static AccessSettings settings(boolean keysRequired, boolean allowUnauthenticated) {
    return new AccessSettings(
        keysRequired, allowUnauthenticated, java.util.List.of(), "tenant", "scope");
  }
}
