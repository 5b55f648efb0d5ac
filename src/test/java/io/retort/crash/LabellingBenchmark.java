package io.retort.crash;

import io.retort.testing.S3Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * How fast a teacher of the registry labels a dataset with one worker of one thread, and with two.
 * Started by {@code benchmarks/labelling.sh}.
 */
final class LabellingBenchmark {

  private static final int COLUMNS = 100;
  private static final int REPEATS = 3;

  private LabellingBenchmark() {}

  /** {@code <directory> <rows> [s3]}; with {@code s3} the workers share a bucket only. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    Path files = Files.createDirectories(directory.resolve("files"));
    S3Service s3 = args.length > 2 ? new S3Service(directory.resolve("s3")) : null;
    try (s3;
        Fleet fleet =
            new Fleet(
                directory,
                s3,
                List.of(),
                List.of(
                    "retort.worker.share-labelling-over=1s",
                    "retort.dataset.file-roots=" + files))) {
      Api api = fleet.api();
      write(files.resolve("few.parquet"), "2000");
      write(files.resolve("many.parquet"), args[1]);
      fleet.startWorker("worker-1");
      succeeded(
          api,
          """
          {"type": "train", "name": "teacher", "dataset": {"uri": "file:few.parquet"},
           "teacher": {"architecture": {"type": "mlp", "hidden": [2000, 2000, 2000]},
                       "training": {"epochs": 1}}}
          """);
      String teacher = api.list("/v1/models").get(0).at("/id").asString();
      for (int i = 0; i < REPEATS; i++) {
        label(fleet, teacher);
      }
      fleet.startWorker("worker-2");
      while (api.get("/v1/system").at("/workers").size() < 2) {
        Thread.sleep(200);
      }
      for (int i = 0; i < REPEATS; i++) {
        label(fleet, teacher);
      }
    }
  }

  private static void write(Path file, String rows) throws Exception {
    String features =
        IntStream.range(0, COLUMNS)
            .mapToObj(c -> "random()::FLOAT AS x" + c)
            .collect(Collectors.joining(", "));
    String select =
        "SELECT *, (x0 > x1)::INT AS label FROM (SELECT %s FROM range(%s))"
            .formatted(features, rows);
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
    }
  }

  private static void succeeded(Api api, String spec) throws Exception {
    JsonNode job = api.ended(api.submit(spec));
    if (!job.at("/status").asString().equals("succeeded")) {
      throw new AssertionError(job);
    }
  }

  /** Nothing is known; the time from the first sight of the phase to the event at its end. */
  private static void label(Fleet fleet, String teacher) throws Exception {
    fleet.forgetSoftTargets();
    Api api = fleet.api();
    String id =
        api.submit(
            """
            {"dataset": {"uri": "file:many.parquet"}, "teacher": {"model": "%s"},
             "student": {"architecture": {"type": "logistic"}}, "training": {"epochs": 1},
             "evaluation": {"twin": false}}
            """
                .formatted(teacher));
    while (!api.job(id).at("/phase").asString("").equals("labelling")) {
      Thread.sleep(20);
    }
    long begun = System.nanoTime();
    while (api.job(id).at("/phase").asString("").equals("labelling")) {
      Thread.sleep(20);
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    if (!api.ended(id).at("/status").asString().equals("succeeded")) {
      throw new AssertionError(api.job(id));
    }
    for (JsonNode event : api.list("/v1/jobs/" + id + "/events")) {
      if (event.at("/message").asString().startsWith("Labelled")) {
        System.out.printf(
            "%d workers: %.1f s, %,.0f rows/s. %s%n",
            api.get("/v1/system").at("/workers").size(),
            seconds,
            event.at("/data/rows").asLong() / seconds,
            event.at("/message").asString());
      }
    }
  }
}
