package io.retort.pipeline;

import io.retort.dataset.DatasetLimits;
import io.retort.dataset.Datasets;
import io.retort.model.StoredModel;
import io.retort.model.foreign.ForeignModels;
import io.retort.model.foreign.ModelLimits;
import io.retort.outgoing.Outgoing;
import io.retort.spec.Cancellation;
import io.retort.spec.JobSpec;
import io.retort.spec.Phase;
import io.retort.spec.SpecReader;
import io.retort.targets.SoftTargetStore;
import io.retort.targets.StoreListener;
import io.retort.teacher.RemoteModels;
import io.retort.training.CheckpointPlace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Time and peak memory of a whole job on a large dataset. Started by {@code benchmarks/million.sh},
 * once to write the file and then, in small JVMs, to run two jobs on it.
 */
final class MillionBenchmark {

  private MillionBenchmark() {}

  /** {@code write <directory> <rows> <columns>} or {@code run <directory> <tau>}. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[1]);
    if (args[0].equals("write")) {
      write(directory.resolve("rows.parquet"), args[2], Integer.parseInt(args[3]));
    } else {
      run(directory, args[2]);
    }
  }

  /** Uniform features; which of two pairs of them is the larger makes four classes. */
  private static void write(Path file, String rows, int columns) throws SQLException {
    String features =
        IntStream.range(0, columns)
            .mapToObj(c -> "random()::FLOAT AS x" + c)
            .collect(Collectors.joining(", "));
    String select =
        "SELECT *, (x0 > x1)::INT + 2 * (x2 > x3)::INT AS label FROM (SELECT %s FROM range(%s))"
            .formatted(features, rows);
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
    }
  }

  private static void run(Path directory, String tau) throws IOException {
    String json =
        """
        {"dataset": {"uri": "file:rows.parquet"},
         "teacher": {"architecture": {"type": "mlp", "hidden": [256, 256]}},
         "student": {"architecture": {"type": "mlp", "hidden": [32]}},
         "objective": {"tau": %s},
         "training": {"epochs": 1, "batchSize": 256, "optimizer": {"learningRate": 0.001}}}
        """
            .formatted(tau);
    JobSpec spec = SpecReader.read(SpecReader.parse(json.getBytes(StandardCharsets.UTF_8)));
    Pipeline pipeline =
        new Pipeline(
            new Datasets(
                directory.resolve("datasets"),
                DatasetLimits.DEFAULT,
                List.of(directory),
                new Outgoing(List.of(), "a.setting"),
                id -> null),
            model -> {
              throw new IllegalStateException("the teacher is trained in the job");
            },
            new ForeignModels(ModelLimits.DEFAULT),
            new RemoteModels(new Outgoing(List.of(), "a.setting"), Map.of()),
            new SoftTargetStore(
                directory.resolve("targets"),
                1L << 30,
                Duration.ofSeconds(10),
                Clock.systemUTC(),
                StoreListener.NONE),
            "benchmark");
    Stopwatch watch = new Stopwatch(Files.createTempDirectory(directory, "work"));
    Report report = (Report) pipeline.run(spec, watch).report();
    watch.print(report, tau);
  }

  /** Notes how long each phase takes. */
  private static final class Stopwatch implements PipelineContext {
    private final Path work;
    private final StringBuilder phases = new StringBuilder();
    private final StringBuilder labelled = new StringBuilder();
    private final long begun = System.nanoTime();
    private long since = begun;

    Stopwatch(Path work) {
      this.work = work;
    }

    void print(Report report, String tau) throws IOException {
      lap();
      System.out.printf("tau %s: %.1f s in all (%s).%n", tau, (since - begun) / 1e9, phases);
      System.out.printf(
          "%sAccuracy: teacher %.3f, student %.3f, twin %.3f.%n",
          labelled,
          report.teacher().accuracy(),
          report.student().accuracy(),
          report.twin().accuracy());
      System.out.printf(
          "%s; heap taken: %d MB%n%n", resident(), Runtime.getRuntime().totalMemory() >> 20);
    }

    private void lap() {
      long now = System.nanoTime();
      phases.append(String.format(" %.1f s", (now - since) / 1e9));
      since = now;
    }

    /** Linux tells the most that was resident, and how much of it now is no mapped file. */
    private static String resident() throws IOException {
      Path status = Path.of("/proc/self/status");
      if (!Files.exists(status)) {
        return "Resident memory unknown";
      }
      return Files.readAllLines(status).stream()
          .filter(l -> l.matches("(VmHWM|RssAnon|RssFile).*"))
          .map(l -> l.replaceAll("\\s+", " "))
          .collect(Collectors.joining("; "));
    }

    @Override
    public Path workDirectory() {
      return work;
    }

    @Override
    public int threads() {
      return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public Cancellation cancellation() {
      return Cancellation.NONE;
    }

    @Override
    public CheckpointPlace checkpoints() {
      return new CheckpointPlace(workDirectory(), Duration.ofDays(1), () -> false, () -> {});
    }

    @Override
    public StoredModel model(String id) {
      throw new IllegalStateException("the teacher is trained in the job");
    }

    @Override
    public void phase(Phase phase) {
      if (!phases.isEmpty()) {
        lap();
      }
      phases.append(phases.isEmpty() ? "" : ", ").append(phase);
    }

    @Override
    public void progress(double done) {}

    @Override
    public void metric(String series, int epoch, long step, double value) {}

    @Override
    public void event(Level level, String message, Map<String, Object> data) {
      if (message.startsWith("Labelled")) {
        labelled.append(message).append(' ');
      }
    }
  }
}
