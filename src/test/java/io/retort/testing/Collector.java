package io.retort.testing;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** A collector of traces on the loopback interface, to which the service under test sends its. */
public final class Collector
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  private static final List<String> RECEIVED = new CopyOnWriteArrayList<>();
  private static final String URI = start();

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    TestPropertyValues.of(
            "management.opentelemetry.tracing.export.otlp.endpoint=" + URI,
            "management.opentelemetry.tracing.export.schedule-delay=100ms")
        .applyTo(context);
  }

  /** Everything that came, as bytes in which the texts of OTLP's protobuf can be found. */
  public static String received() {
    return String.join("", RECEIVED);
  }

  private static String start() {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
      server.createContext(
          "/v1/traces",
          exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            RECEIVED.add(new String(body, StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
