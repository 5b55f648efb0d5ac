package io.retort.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
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

  @Test
  void answersOnlyToLoopbacksNamesWhileItAsksForNoKey() throws Exception {
    ServerProperties server = new ServerProperties();
    server.setAddress(InetAddress.getByName("127.0.0.1"));
    LoopbackNames names = new LoopbackNames(server, settings(false, false));
    assertThat(List.of("localhost", "127.0.0.1", "[::1]")).allMatch(names::contain);
    assertThat(List.of("rebound.example.org", "127.0.0.1.example.org")).noneMatch(names::contain);
    assertThat(new LoopbackNames(server, settings(false, true)).contain("anything")).isTrue();
  }

  private static AccessSettings settings(boolean keysRequired, boolean allowUnauthenticated) {
    return new AccessSettings(keysRequired, allowUnauthenticated, List.of(), "tenant", "scope");
  }
}
