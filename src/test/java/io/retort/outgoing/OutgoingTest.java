package io.retort.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server on this machine that may be reached by one name alone, `data.test`. Whatever else leads
 * to it must not.
 */
class OutgoingTest {

  private static final Duration TIME = Duration.ofSeconds(5);

  private final AtomicInteger secrets = new AtomicInteger();
  private HttpServer server;
  private int port;
  private Outgoing outgoing;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    port = server.getAddress().getPort();
    server.createContext("/data", e -> answer(e, 200, "rows"));
    server.createContext(
        "/secret",
        e -> {
          secrets.incrementAndGet();
          answer(e, 200, "secret");
        });
    server.createContext(
        "/to",
        e -> {
          String target = e.getRequestURI().getQuery().replace("PORT", String.valueOf(port));
          e.getResponseHeaders().set("Location", target);
          answer(e, 302, "");
        });
    server.createContext("/loop", e -> redirect(e, "/loop"));
    server.createContext("/drip", OutgoingTest::drip);
    server.setExecutor(java.util.concurrent.Executors.newCachedThreadPool());
    server.start();
    outgoing = new Outgoing(new OutgoingGuard(List.of("data.test:" + port), "a.setting", names()));
  }

  @AfterEach
  void stop() throws IOException {
    outgoing.close();
    server.stop(0);
  }

  /** `data.test` and `other.test` are this machine; `turns.test` is, from the second time on. */
  private static OutgoingGuard.Resolver names() {
    AtomicInteger asked = new AtomicInteger();
    return host ->
        switch (host) {
          case "data.test", "other.test" -> local();
          case "turns.test" ->
              asked.getAndIncrement() == 0
                  ? new InetAddress[] {InetAddress.getByName("192.88.98.1")}
                  : local();
          default -> literal(host);
        };
  }

  private static InetAddress[] local() throws UnknownHostException {
    return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
  }

  private static InetAddress[] literal(String host) throws UnknownHostException {
    if (host.matches("[0-9.]+|\\[?[0-9a-f:.]+]?|localhost")) {
      return InetAddress.getAllByName(host);
    }
    throw new UnknownHostException(host);
  }

  @Test
  void readsWhatItMay() throws IOException {
    assertThat(get("http://data.test:PORT/data", 100)).isEqualTo("rows");
    assertThat(get("http://data.test:PORT/to?/data", 100)).isEqualTo("rows");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:PORT/secret",
        "http://localhost:PORT/secret",
        "http://other.test:PORT/secret",
        "http://[::1]:PORT/secret",
        "http://[::ffff:127.0.0.1]:PORT/secret",
        "http://[::ffff:7f00:1]:PORT/secret",
        "http://[::127.0.0.1]:PORT/secret",
        "http://[64:ff9b::7f00:1]:PORT/secret",
        "http://2130706433:PORT/secret",
        "http://0x7f000001:PORT/secret",
        "http://0x7f.1:PORT/secret",
        "http://0177.0.0.1:PORT/secret",
        "http://127.1:PORT/secret",
        "http://0:PORT/secret",
        "http://0.0.0.0:PORT/secret",
        "http://127.0.0.1.:PORT/secret",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/latest/meta-data/",
        "http://100.100.100.200/latest/meta-data/",
        "http://user@data.test:PORT/secret",
        "http://data.test@127.0.0.1:PORT/secret",
        "file:///etc/passwd",
        "ftp://data.test/secret",
        "jar:http://data.test:PORT/secret!/x",
      })
  void refusesEveryOtherWayStraightAndAfterARedirect(String uri) {
    assertThatThrownBy(() -> get(uri, 100))
        .isInstanceOfSatisfying(
            OutgoingException.class,
            e -> assertThat(e.code()).isIn("forbidden_host", "forbidden_uri"));
    assertThatThrownBy(() -> get("http://data.test:PORT/to?" + uri, 100))
        .isInstanceOfSatisfying(
            OutgoingException.class,
            e -> assertThat(e.code()).isIn("forbidden_host", "forbidden_uri"));
    assertThat(secrets.get()).isZero();
  }

  @Test
  void refusesANameThatTurnsToThisMachineAfterItWasChecked() {
    outgoing.check(URI.create("http://turns.test:" + port + "/secret"));
    assertThatThrownBy(() -> get("http://turns.test:PORT/secret", 100))
        .isInstanceOf(OutgoingException.class)
        .hasMessageContaining("private network");
    assertThat(secrets.get()).isZero();
  }

  @Test
  void endsRedirectsBytesAndTime() {
    assertThatThrownBy(() -> get("http://data.test:PORT/loop", 100))
        .hasMessageContaining("redirects too often");
    assertThatThrownBy(() -> get("http://data.test:PORT/data", 3))
        .isInstanceOfSatisfying(
            OutgoingException.class, e -> assertThat(e.code()).isEqualTo("too_large"));
    assertThatThrownBy(
            () ->
                send(
                    OutgoingRequest.get(
                        uri("http://data.test:PORT/drip"), 1000, Duration.ofMillis(300))))
        .isInstanceOfSatisfying(
            OutgoingException.class, e -> assertThat(e.code()).isEqualTo("too_slow"));
  }

  /** Each byte comes in time, and none of them is the last one. */
  @Test
  void hangsUpOnAHostThatDripsItsHeaders() throws IOException {
    try (ServerSocket dripping = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      new Thread(() -> dripHeaders(dripping)).start();
      URI uri = URI.create("http://data.test:" + dripping.getLocalPort() + "/");
      try (Outgoing patient =
          new Outgoing(new OutgoingGuard(List.of("data.test"), "a.setting", names()))) {
        assertThatThrownBy(
                () ->
                    patient.send(
                        OutgoingRequest.post(
                            uri, Map.of(), new byte[2], 100, Duration.ofMillis(400)),
                        OutgoingAnswer::status))
            .hasMessageContaining("did not answer in time");
      }
    }
  }

  private static void dripHeaders(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket.getOutputStream().write("HTTP/1.1 200 OK\r\nx: ".getBytes(StandardCharsets.UTF_8));
      while (true) {
        socket.getOutputStream().write('x');
        Thread.sleep(50);
      }
    } catch (IOException | InterruptedException e) {
      // the client has had enough
    }
  }

  @Test
  void postsAndFollowsNoRedirectThen() throws IOException {
    byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
    OutgoingRequest post =
        OutgoingRequest.post(
            uri("http://data.test:PORT/to?http://127.0.0.1:PORT/secret"),
            Map.of("webhook-id", "1"),
            json,
            100,
            TIME);
    assertThat(outgoing.<Integer>send(post, OutgoingAnswer::status)).isEqualTo(302);
    assertThat(secrets.get()).isZero();
  }

  private String get(String uri, long maxBytes) throws IOException {
    return send(OutgoingRequest.get(uri(uri), maxBytes, TIME));
  }

  private String send(OutgoingRequest request) throws IOException {
    return outgoing.send(
        request, answer -> new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
  }

  private URI uri(String uri) {
    return URI.create(uri.replace("PORT", String.valueOf(port)));
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    answer(exchange, 307, "");
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** One byte every tenth of a second. */
  private static void drip(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 500);
    try {
      for (int i = 0; i < 30; i++) {
        exchange.getResponseBody().write('x');
        exchange.getResponseBody().flush();
        Thread.sleep(100);
      }
    } catch (IOException | InterruptedException e) {
      // the client has had enough
    }
    exchange.close();
  }
}
