package io.retort.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.retort.dataset.Split;
import io.retort.outgoing.Outgoing;
import io.retort.spec.Cancellation;
import io.retort.spec.EndpointSpec;
import io.retort.spec.OutputKind;
import io.retort.spec.Precision;
import io.retort.spec.RetortException;
import io.retort.spec.TeacherSpec;
import io.retort.targets.LabelledParts;
import io.retort.targets.SoftTargetStore;
import io.retort.targets.StoreListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server of two classes, whose logits of a row (x, y) are (x + y, x - y), and its moods. */
class RemoteTeacherTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String SECRET = "s3cret-t0ken";
  private static final String METADATA =
      """
      {"name": "sums", "versions": ["1"], "platform": "test",
       "inputs": [{"name": "rows", "datatype": "FP32", "shape": [-1, 2]}],
       "outputs": [{"name": "other", "datatype": "FP32", "shape": [-1, 9]},
                   {"name": "logits", "datatype": "FP32", "shape": [-1, 2]}]}
      """;
  private static final Reading.Dataset DATASET =
      new Reading.Dataset(List.of("x", "y"), List.of(2), List.of("a", "b"));
  private static final Patience SHORT =
      new Patience(Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofSeconds(3));

  @TempDir Path directory;
  private final Map<Float, AtomicInteger> answered = new ConcurrentHashMap<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile Mood mood = (n, e) -> false;
  private volatile String metadata = METADATA;
  private HttpServer server;
  private String url;
  private Outgoing outgoing;

  /** Whether a server did something else than to answer. */
  private interface Mood {
    boolean spoils(int request, HttpExchange exchange) throws IOException;
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/v2/models/sums", e -> send(e, 200, metadata));
    server.createContext("/v2/models/sums/infer", this::infer);
    server.setExecutor(threads);
    server.start();
    String host = "127.0.0.1:" + server.getAddress().getPort();
    url = "http://" + host + "/v2/models/sums";
    outgoing = new Outgoing(List.of(host), "a.setting");
  }

  @AfterEach
  void stop() throws IOException {
    server.stop(0);
    threads.shutdownNow();
    outgoing.close();
  }

  private void infer(HttpExchange exchange) throws IOException {
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    try {
      JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
      if (mood.spoils(requests.incrementAndGet(), exchange)) {
        return;
      }
      int rows = request.at("/inputs/0/shape/0").asInt();
      float[] logits = new float[2 * rows];
      for (int r = 0; r < rows; r++) {
        float x = request.at("/inputs/0/data/" + 2 * r).floatValue();
        float y = request.at("/inputs/0/data/" + (2 * r + 1)).floatValue();
        logits[2 * r] = x + y;
        logits[2 * r + 1] = x - y;
        answered.computeIfAbsent(x, k -> new AtomicInteger()).incrementAndGet();
      }
      send(exchange, 200, answer(JSON.writeValueAsString(logits), "[" + rows + ", 2]"));
    } finally {
      atOnce.decrementAndGet();
    }
  }

  private static String answer(String data, String shape) {
    return "{\"outputs\": [{\"name\": \"logits\", \"datatype\": \"FP32\", \"shape\": %s, \"data\": %s}]}"
        .formatted(shape, data);
  }

  private static boolean send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
    return true;
  }

  private EndpointSpec endpoint(int inFlight, int batchSize) {
    return new EndpointSpec(url, null, inFlight, batchSize, 1);
  }

  private static TeacherSpec spec(EndpointSpec endpoint) {
    return new TeacherSpec(
        null, null, null, endpoint, null, null, null, null, null, null, null, Precision.FLOAT32);
  }

  private RemoteReading read(EndpointSpec endpoint) {
    RemoteCalls calls = new RemoteCalls(outgoing, endpoint, null, SHORT, "/teacher/endpoint");
    return RemoteReading.of(calls, spec(endpoint), DATASET, "/teacher");
  }

  private RemoteTeacher open(int inFlight, int batchSize) {
    return RemoteTeacher.open(read(endpoint(inFlight, batchSize)), SHORT, Cancellation.NONE);
  }

  /** Rows (n, 1) from n = 1; a row of zeros is what the server is tried with. */
  private record Numbers(int size) implements Split {
    @Override
    public int columns() {
      return 2;
    }

    @Override
    public void gather(int[] positions, int from, int count, FloatBuffer into) {
      for (int i = 0; i < count; i++) {
        into.put(2 * i, positions[from + i] + 1).put(2 * i + 1, 1);
      }
    }

    @Override
    public int label(int position) {
      return 0;
    }
  }

  private LabelledParts.Summary label(RemoteTeacher teacher, int rows) {
    SoftTargetStore store =
        new SoftTargetStore(
            directory, 1 << 30, Duration.ZERO, Clock.systemUTC(), StoreListener.NONE);
    try (LabelledParts parts =
        store.label(
            "",
            teacher,
            List.of(new Numbers(rows)),
            Precision.FLOAT32,
            Cancellation.NONE,
            d -> {})) {
      float[] logits = new float[2 * rows];
      SoftTargets targets = parts.part(0).logits();
      FloatBuffer into = FloatBuffer.wrap(logits);
      targets.gather(java.util.stream.IntStream.range(0, rows).toArray(), 0, rows, into);
      for (int n = 0; n < rows; n++) {
        assertThat(logits[2 * n]).isCloseTo(n + 2, within(1e-6f));
        assertThat(logits[2 * n + 1]).isCloseTo(n, within(1e-6f));
      }
      return parts.summary();
    }
  }

  private void everyRowWasAnsweredOnce(int rows) {
    answered.remove(0f);
    assertThat(answered).hasSize(rows);
    assertThat(answered.values()).allMatch(times -> times.get() == 1);
  }

  @Test
  void findsOutWhatTheServerGives() {
    RemoteReading reading = read(endpoint(4, 10));
    assertThat(reading.output()).isEqualTo("logits");
    assertThat(reading.kind()).isEqualTo(OutputKind.LOGITS);
    assertThat(reading.classes()).containsExactly("a", "b");
    String before = reading.fingerprint();
    assertThat(read(endpoint(2, 20)).fingerprint()).isEqualTo(before);
    metadata = METADATA.replace("[\"1\"]", "[\"2\"]");
    assertThat(read(endpoint(4, 10)).fingerprint()).isNotEqualTo(before);
    metadata =
        METADATA.replace("\"platform\"", "\"parameters\": {\"classes\": [\"b\", \"a\"]}, \"x\"");
    assertThat(read(endpoint(4, 10)).classes()).containsExactly("b", "a");
  }

  @Test
  void asksSeveralRequestsAtOnceAndKeepsTheOrder() {
    mood =
        (n, e) -> {
          pause(40);
          return false;
        };
    try (RemoteTeacher teacher = open(4, 10)) {
      label(teacher, 105);
    }
    assertThat(mostAtOnce.get()).isBetween(2, 4);
    everyRowWasAnsweredOnce(105);
  }

  @Test
  void asksAgainWhereTheServerIsBusyAwayOrSlow() {
    mood =
        (n, e) ->
            switch (n % 6) {
              case 1 -> {
                e.getResponseHeaders().set("Retry-After", "0");
                yield send(e, 429, "{\"error\": \"slowly\"}");
              }
              case 2 -> send(e, 503, "");
              case 3 -> {
                e.close();
                yield true;
              }
              default -> false;
            };
    try (RemoteTeacher teacher = open(4, 10)) {
      mood = slowOnce(mood);
      label(teacher, 200);
    }
    everyRowWasAnsweredOnce(200);
  }

  private static Mood slowOnce(Mood then) {
    AtomicInteger left = new AtomicInteger(1);
    return (n, e) -> {
      if (left.getAndDecrement() > 0) {
        pause(1_500);
        e.close();
        return true;
      }
      return then.spoils(n, e);
    };
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aRestartAsksOnlyForWhatIsMissing() {
    try (RemoteTeacher teacher = open(1, 10)) {
      mood = (n, e) -> n > 8 && send(e, 503, "");
      assertThatThrownBy(() -> label(teacher, 200))
          .isInstanceOf(TeacherException.class)
          .hasMessageContaining("status 503")
          .hasMessageContaining("asked");
    }
    mood = (n, e) -> false;
    try (RemoteTeacher again = open(1, 10)) {
      LabelledParts.Summary summary = label(again, 200);
      assertThat(summary.known()).isEqualTo(70);
      assertThat(summary.computed()).isEqualTo(130);
    }
    everyRowWasAnsweredOnce(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | rubbish | no JSON object",
        "200 | [1] | no JSON object",
        "200 | {} | no output `logits`",
        "200 | SHAPE | in the shape [3,2]",
        "200 | SHORT | holds 3 numbers",
        "200 | TEXT | no number",
        "200 | WIDE | 2 numbers a row at first, and 3 now",
        "200 | NAN | not finite",
        "400 | {\"error\": \"Bearer s3cret-t0ken is not for rows\"} | status 400: Bearer ... is not",
        "401 | | status 401",
        "302 | | status 302",
      })
  void refusesAnswersThatAreNone(int status, String body, String reason) {
    String text =
        switch (String.valueOf(body)) {
          case "null" -> "";
          case "SHAPE" -> answer("[1, 2, 3, 4]", "[3, 2]");
          case "SHORT" -> answer("[1, 2, 3]", "[2, 2]");
          case "TEXT" -> answer("[\"1\", 2, 3, 4]", "[2, 2]");
          case "WIDE" -> answer("[[1, 2, 3], [4, 5, 6]]", "[2, 3]");
          case "NAN" -> answer("[1, 2, 3, NaN]", "[2, 2]");
          default -> body;
        };
    String origin = url.substring(0, url.indexOf("/v2"));
    RemoteModels models =
        new RemoteModels(outgoing, Map.of("main", RemoteToken.of("main", origin, SECRET)));
    RemoteReading reading =
        models.inspect(spec(new EndpointSpec(url, "main", 1, 10, 1)), DATASET, "/teacher");
    try (RemoteTeacher teacher = RemoteTeacher.open(reading, SHORT, Cancellation.NONE)) {
      mood = (n, e) -> send(e, status, text);
      int before = requests.get();
      assertThatThrownBy(
              () -> teacher.logits(FloatBuffer.wrap(new float[4]), 2, FloatBuffer.allocate(4)))
          .isInstanceOf(TeacherException.class)
          .hasMessageContaining(reason)
          .hasMessageNotContaining(SECRET);
      assertThat(requests.get()).isEqualTo(before + 1);
    }
  }

  @Test
  void endsWithTheJob() {
    boolean[] cancelled = new boolean[1];
    mood = (n, e) -> n > 1 && send(e, 503, "");
    RemoteReading reading = read(endpoint(1, 10));
    try (RemoteTeacher teacher = RemoteTeacher.open(reading, () -> cancelled[0])) {
      threads.execute(
          () -> {
            pause(300);
            cancelled[0] = true;
          });
      assertThatThrownBy(
              () -> teacher.logits(FloatBuffer.wrap(new float[2]), 1, FloatBuffer.allocate(2)))
          .isInstanceOf(Cancellation.CancelledException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[-1, 2] | [-1, 3] | shape_mismatch",
        "[-1, 2] | [8, 2] | shape_mismatch",
        "FP32\", \"shape\": [-1, 2] | BYTES\", \"shape\": [-1, 2] | unsupported_datatype",
        "\"outputs\" | \"none\" | unknown_output",
      })
  void refusesWhatDoesNotFitTheDataset(String part, String instead, String code) {
    metadata = METADATA.replaceFirst(java.util.regex.Pattern.quote(part), instead);
    assertThatThrownBy(() -> read(endpoint(1, 10)))
        .isInstanceOfSatisfying(
            RetortException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.violations().get(0).pointer()).startsWith("/teacher/");
            });
  }

  @Test
  void aTokenGoesToItsOriginAlone() {
    String origin = url.substring(0, url.indexOf("/v2"));
    RemoteToken token = RemoteToken.of("main", origin, SECRET);
    assertThat(token.toString()).doesNotContain(SECRET);
    RemoteModels models =
        new RemoteModels(
            outgoing,
            Map.of("main", token, "else", RemoteToken.of("else", "https://example.com", SECRET)));
    AtomicInteger seen = new AtomicInteger();
    mood =
        (n, e) -> {
          if (("Bearer " + SECRET).equals(e.getRequestHeaders().getFirst("Authorization"))) {
            seen.incrementAndGet();
          }
          return false;
        };
    models.inspect(spec(new EndpointSpec(url, "main", 1, 10, 1)), DATASET, "/teacher");
    assertThat(seen).hasValue(1);
    for (String[] c : new String[][] {{"else", "another origin"}, {"none", "no token `none`"}}) {
      assertThatThrownBy(() -> models.check(new EndpointSpec(url, c[0], 1, 10, 1), "/teacher"))
          .isInstanceOf(TeacherException.class)
          .hasMessageContaining(c[1]);
    }
    assertThatThrownBy(
            () ->
                models.check(
                    new EndpointSpec("http://127.0.0.1:1/v2/models/x", null, 1, 1, 1), "/teacher"))
        .hasMessageContaining("private network");
    assertThatThrownBy(() -> RemoteToken.of("x", "https://a/b", "t"))
        .hasMessageContaining("origin");
  }
}
