package io.retort.crash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stands between a job and its remote teacher: passes requests on, a little late, and counts each
 * row. Where the teacher is away, it breaks the connection off.
 */
final class CountingProxy implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final long DELAY_MILLIS = 40;

  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
  private final int teacherPort;
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> answered = new ConcurrentHashMap<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  CountingProxy(int teacherPort) throws IOException {
    this.teacherPort = teacherPort;
    server.createContext("/v2/", this::pass);
    server.setExecutor(threads);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** How often the teacher was asked for each row; the row of zeros aside. */
  Map<String, AtomicInteger> asked() {
    return asked;
  }

  /** How often the teacher gave an answer for each. */
  Map<String, AtomicInteger> answered() {
    return answered;
  }

  /** Connections that the teacher did not take. */
  int refused() {
    return refused.get();
  }

  /** Counts anew, once nothing is under way; the answer is the rows that were answered so far. */
  Set<String> forget() throws InterruptedException {
    while (underWay.get() > 0) {
      Thread.sleep(10);
    }
    Set<String> before = new HashSet<>(answered.keySet());
    asked.clear();
    answered.clear();
    return before;
  }

  private void pass(HttpExchange exchange) throws IOException {
    underWay.incrementAndGet();
    try {
      passOn(exchange);
    } finally {
      underWay.decrementAndGet();
    }
  }

  private void passOn(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + teacherPort + exchange.getRequestURI()));
    if (body.length > 0) {
      request.header("Content-Type", "application/json");
      request.POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }
    try {
      Thread.sleep(body.length > 0 ? DELAY_MILLIS : 0);
      HttpResponse<byte[]> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      count(body, asked);
      if (answer.statusCode() == 200) {
        count(body, answered);
      }
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (ConnectException e) {
      refused.incrementAndGet();
    } catch (IOException e) {
      count(body, asked);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private static void count(byte[] body, Map<String, AtomicInteger> times) {
    if (body.length == 0) {
      return;
    }
    JsonNode input = JSON.readTree(new String(body, StandardCharsets.UTF_8)).at("/inputs/0");
    List<String> numbers = input.at("/data").valueStream().map(JsonNode::toString).toList();
    int width = numbers.size() / input.at("/shape/0").asInt();
    for (int from = 0; from < numbers.size(); from += width) {
      List<String> row = numbers.subList(from, from + width);
      if (!row.stream().allMatch(number -> Double.parseDouble(number) == 0)) {
        times.computeIfAbsent(row.toString(), r -> new AtomicInteger()).incrementAndGet();
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
