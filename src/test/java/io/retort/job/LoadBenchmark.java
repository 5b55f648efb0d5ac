package io.retort.job;

import io.retort.RetortApplication;
import io.retort.testing.RetortProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests a second and how long they take, on a database that holds many jobs and metric points;
 * {@code benchmarks/load.sh} starts it. The API, PostgreSQL and the callers share the machine.
 */
final class LoadBenchmark {

  private static final String SPEC =
      """
      {"name": "load", "labels": {"team": "search", "run": "%d"},
       "dataset": {"uri": "sample:mnist1d"},
       "teacher": {"architecture": {"type": "mlp", "hidden": [200, 100]}},
       "student": {"architecture": {"type": "mlp", "hidden": [40]}}}
      """;
  private static final int CALLERS = 4;
  private static final int STREAMS = 200;
  private static final Random RANDOM = new Random(7);

  private final HttpClient client = HttpClient.newHttpClient();
  private final int jobs;
  private final int points;
  private final int seconds;
  private final int port;
  private final Connection sql;

  private LoadBenchmark(int jobs, int points, int seconds, int port, Connection sql) {
    this.jobs = jobs;
    this.points = points;
    this.seconds = seconds;
    this.port = port;
    this.sql = sql;
  }

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("retort-load");
    int port = RetortProcess.freePort();
    try (EmbeddedPostgres postgres =
            EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("postgres"))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
        Connection sql = postgres.getPostgresDatabase().getConnection()) {
      Process api = start(directory, postgres.getPort(), port);
      try {
        new LoadBenchmark(
                Integer.parseInt(args[0]),
                Integer.parseInt(args[1]),
                Integer.parseInt(args[2]),
                port,
                sql)
            .run();
      } finally {
        api.destroyForcibly().waitFor();
      }
    }
  }

  /** With all of the compiler, which the tests' processes do without. */
  private static Process start(Path directory, int database, int port) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path"),
            RetortApplication.class.getName(),
            "--server.port=" + port,
            "--retort.data-dir=" + directory.resolve("data"),
            "--retort.worker.enabled=false",
            "--retort.quota.queued-jobs=100000000",
            "--retort.quota.requests-per-second=1000000",
            "--logging.level.root=warn",
            "--spring.datasource.url=jdbc:postgresql://localhost:" + database + "/postgres",
            "--spring.datasource.username=postgres",
            "--spring.datasource.password=postgres")
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("api.log").toFile())
        .start();
  }

  private void run() throws Exception {
    untilHealthy();
    String id = text(submission(0)).replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
    fill(id);
    System.out.println("\n| request, " + CALLERS + " callers | a second | p50, ms | p99, ms |");
    System.out.println("|---|---|---|---|");
    for (int round = 0; round < 2; round++) {
      boolean warm = round > 0; // the first is for the compiler and the caches
      measure("`POST /v1/jobs`", warm, () -> submission(RANDOM.nextInt(1_000_000)));
      measure("`GET /v1/jobs/{id}`", warm, () -> get("/v1/jobs/" + some()));
      measure("`GET /v1/jobs`", warm, () -> get("/v1/jobs"));
      measure("`GET /v1/jobs?after=`", warm, () -> get("/v1/jobs?limit=100&after=" + some()));
      measure("`GET /v1/jobs?status=failed`", warm, () -> get("/v1/jobs?status=failed"));
      measure(
          "`GET /v1/jobs?label=run:N`",
          warm,
          () -> get("/v1/jobs?label=run:" + RANDOM.nextInt(jobs)));
      measure("`GET .../metrics`", warm, () -> get("/v1/jobs/" + some() + "/metrics"));
      measure("`GET .../events`", warm, () -> get("/v1/jobs/" + some() + "/events"));
    }
    streams();
    plans();
  }

  /** Jobs that ended, as a job like the first one would stand in the database. */
  private void fill(String like) throws Exception {
    try (Statement statement = sql.createStatement()) {
      statement.execute("set session_replication_role = replica"); // no triggers
      statement.execute(
          """
          insert into job (id, type, name, labels, status, progress, attempt, lost, spec, resolved,
                           formula, created_at, started_at, finished_at, version, tenant)
          select ('01900000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, type, name,
                 jsonb_build_object('team', 'search', 'run', i::text),
                 case when i %% 50 = 7 then 'FAILED' else 'SUCCEEDED' end, 1, 1, 0, spec, resolved,
                 formula, now() - interval '1 day', now(), now(), 0,
                 case when i %% 10 = 0 then 'other' else tenant end
          from job, generate_series(0, %d) i where id = '%s'
          """
              .formatted(jobs - 1, like));
      statement.execute(
          """
          insert into job_event (job_id, at, level, message, data)
          select id, now(), 'INFO', 'Something happened', '{"epoch": 3}' from job,
                 generate_series(1, 10)
          """);
      statement.execute(
          """
          insert into job_metric (job_id, series, epoch, step, value, at)
          select id, case when p % 2 = 0 then 'student.loss' else 'student.validationLoss' end,
                 p / 2, p * 40, 1.0 / p, now()
          from generate_series(1, :points) p, job
          """
              .replace(":points", String.valueOf(points)));
      statement.execute("set session_replication_role = default");
      statement.execute("vacuum analyze");
      try (ResultSet size =
          statement.executeQuery(
              "select (select count(*) from job), (select count(*) from job_metric),"
                  + " pg_size_pretty(pg_database_size(current_database()))")) {
        size.next();
        System.out.printf(
            "%,d jobs, %,d metric points, %s%n",
            size.getLong(1), size.getLong(2), size.getString(3));
      }
    }
  }

  private void measure(String name, boolean print, Supplier<HttpRequest> request) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    for (int c = 0; c < CALLERS; c++) {
      var unused =
          callers.submit(
              () -> {
                while (System.nanoTime() < end) {
                  long begin = System.nanoTime();
                  text(request.get());
                  times.add(System.nanoTime() - begin);
                }
                return null;
              });
    }
    callers.shutdown();
    if (!callers.awaitTermination(seconds + 60L, TimeUnit.SECONDS)) {
      throw new IllegalStateException(name + " hangs");
    }
    if (print) {
      System.out.printf(
          "| %s | %.0f | %s |%n", name, times.size() / (double) seconds, percentiles(times));
    }
  }

  private static String percentiles(Iterable<Long> nanos) {
    List<Long> all = new ArrayList<>();
    nanos.forEach(all::add);
    double[] ms = all.stream().mapToDouble(n -> n / 1e6).sorted().toArray();
    return ms.length == 0
        ? "-"
        : "%.1f | %.1f".formatted(ms[ms.length / 2], ms[(int) (ms.length * 0.99)]);
  }

  /** From the commit of an event to its arrival at each of many callers who watch a job each. */
  private void streams() throws Exception {
    List<String> watched = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      watched.add(text(submission(i)).replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1"));
    }
    ConcurrentLinkedQueue<Long> delays = new ConcurrentLinkedQueue<>();
    CountDownLatch open = new CountDownLatch(STREAMS);
    ExecutorService readers = Executors.newFixedThreadPool(STREAMS);
    for (String id : watched) {
      var unused = readers.submit(() -> watch(id, delays, open));
    }
    if (!open.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException(open.getCount() + " streams did not open");
    }
    Thread.sleep(1_000);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    try (Statement statement = sql.createStatement()) {
      while (System.nanoTime() < end) {
        String id = watched.get(RANDOM.nextInt(STREAMS));
        statement.execute(
            "insert into job_event (job_id, at, level, message, data) values ('%s', now(), 'INFO',"
                    .formatted(id)
                + " 'sent at %d', '{}')".formatted(System.nanoTime()));
        Thread.sleep(5);
      }
    }
    Thread.sleep(2_000);
    readers.shutdownNow();
    System.out.printf(
        "%n%d streams, %d events, from insert to arrival: p50 and p99, ms: %s%n",
        STREAMS, delays.size(), percentiles(delays));
  }

  private Void watch(String id, ConcurrentLinkedQueue<Long> delays, CountDownLatch open)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/v1/jobs/" + id + "/events"))
            .header("Accept", "text/event-stream")
            .build();
    Pattern sent = Pattern.compile("sent at (\\d+)");
    try (InputStream body = client.send(request, BodyHandlers.ofInputStream()).body();
        BufferedReader lines = new BufferedReader(new InputStreamReader(body))) {
      open.countDown();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher event = sent.matcher(line);
        if (event.find()) {
          delays.add(System.nanoTime() - Long.parseLong(event.group(1)));
        }
      }
    }
    return null;
  }

  /** What PostgreSQL does for the queries behind these requests. */
  private void plans() throws Exception {
    String id = some();
    plan("list", "select id from job where tenant = 'default' order by id desc limit 21");
    plan(
        "list by status",
        "select id from job where tenant = 'default' and status in ('FAILED')"
            + " order by id desc limit 21");
    plan(
        "list by label",
        "select id from job where tenant = 'default' and labels @> '{\"run\": \"77\"}'::jsonb"
            + " order by id desc limit 21");
    plan("job", "select * from job where id = '" + id + "' and tenant = 'default'");
    plan("metrics", "select * from job_metric where job_id = '" + id + "' order by seq");
    plan(
        "events",
        "select * from job_event where job_id = '" + id + "' and seq > 0 order by seq limit 21");
    plan(
        "the queue's next",
        "select * from scheduled_tasks where picked = false and execution_time <= now()"
            + " order by priority desc, execution_time asc limit 1 for update skip locked");
    plan(
        "a tenant's rank",
        "select id from job where tenant = 'default' and status = 'QUEUED'"
            + " order by priority desc, id limit 100");
    plan("queued jobs", "select count(*) from job where tenant = 'default' and status = 'QUEUED'");
  }

  private void plan(String name, String query) throws Exception {
    List<String> lines = new ArrayList<>();
    try (Statement statement = sql.createStatement();
        ResultSet rows = statement.executeQuery("explain (analyze, costs off) " + query)) {
      while (rows.next()) {
        lines.add(rows.getString(1));
      }
    }
    System.out.println("\n" + name + ":\n    " + String.join("\n    ", lines));
  }

  private String some() {
    int i = RANDOM.nextInt(jobs / 10) * 10 + 1;
    return "01900000-0000-7000-8000-%012x".formatted(i);
  }

  private HttpRequest submission(int run) {
    return HttpRequest.newBuilder(uri("/v1/jobs"))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(SPEC.formatted(run)))
        .build();
  }

  private HttpRequest get(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(60)).build();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private String text(HttpRequest request) throws Exception {
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IllegalStateException(request.uri() + ": " + answer.body());
    }
    return answer.body();
  }

  private void untilHealthy() throws Exception {
    for (int i = 0; ; i++) {
      try {
        text(get("/actuator/health"));
        return;
      } catch (java.io.IOException | IllegalStateException e) {
        if (i > 600) {
          throw e;
        }
        Thread.sleep(200);
      }
    }
  }
}
