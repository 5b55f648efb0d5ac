package io.retort.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A caller's server: answers each request of a path with the next of the path's numbers. */
final class Receiver implements AutoCloseable {

  /** A request as it came. */
  record Request(String path, String id, String timestamp, String signature, String body) {}

  final List<Request> requests = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);

  Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Answers with these statuses, the last one for ever; 0 hangs, 302 leads to a metadata host. */
  String url(String name, int... statuses) {
    String path = "/" + name;
    server.createContext(
        path,
        exchange -> {
          int before = (int) requests.stream().filter(r -> r.path().equals(path)).count();
          record(exchange);
          answer(exchange, statuses[Math.min(before, statuses.length - 1)]);
        });
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  List<Request> at(String name) {
    return requests.stream().filter(r -> r.path().equals("/" + name)).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    record(exchange);
    answer(exchange, 404);
  }

  private void record(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(
        new Request(
            exchange.getRequestURI().getPath(),
            exchange.getRequestHeaders().getFirst("webhook-id"),
            exchange.getRequestHeaders().getFirst("webhook-timestamp"),
            exchange.getRequestHeaders().getFirst("webhook-signature"),
            body));
  }

  private void answer(HttpExchange exchange, int status) throws IOException {
    if (status == 0) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    } else {
      if (status == 302) {
        exchange.getResponseHeaders().set("Location", "http://169.254.169.254/latest/meta-data/");
      }
      exchange.sendResponseHeaders(status, -1);
    }
    exchange.close();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
