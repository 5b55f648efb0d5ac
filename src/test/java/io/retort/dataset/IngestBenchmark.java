package io.retort.dataset;

import io.retort.outgoing.Outgoing;
import io.retort.spec.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Rows a second and peak memory of reading a large dataset into the row store. Started by {@code
 * benchmarks/ingest.sh}, once to write the file and once, in a small JVM, to read it.
 */
final class IngestBenchmark {

  private IngestBenchmark() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[1]);
    String file = "rows." + args[2];
    int rows = Integer.parseInt(args[3]);
    int columns = Integer.parseInt(args[4]);
    if (args[0].equals("write")) {
      write(directory.resolve(file), rows, columns);
    } else {
      read(directory, file, rows);
    }
  }

  private static void write(Path file, int rows, int columns) throws SQLException {
    String select =
        IntStream.range(0, columns)
                .mapToObj(c -> "random()::FLOAT AS x" + c)
                .collect(Collectors.joining(", ", "SELECT ", ", i % 10 AS label FROM range("))
            + rows
            + ") t(i)";
    String format = file.toString().endsWith("csv") ? "(FORMAT csv, HEADER)" : "(FORMAT parquet)";
    try (var c = DriverManager.getConnection("jdbc:duckdb:");
        var s = c.createStatement()) {
      s.execute("COPY (" + select + ") TO '" + file + "' " + format);
    }
  }

  private static void read(Path directory, String file, int rows) throws IOException {
    Datasets datasets =
        new Datasets(
            directory.resolve("store-" + file),
            DatasetLimits.DEFAULT,
            List.of(directory),
            new Outgoing(List.of(), "a.setting"),
            id -> null);
    long begin = System.nanoTime();
    PreparedDataset data =
        datasets.prepare(TestFiles.spec("{\"uri\": \"file:" + file + "\"}"), Cancellation.NONE);
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (data.info().rows() != rows) {
      throw new IllegalStateException(data.info().rows() + " rows instead of " + rows);
    }
    System.out.printf(
        "| %s | %,d MB | %.1f s | %,.0f | %s | %,d MB |%n",
        file,
        Files.size(directory.resolve(file)) >> 20,
        seconds,
        rows / seconds,
        peakResident(),
        Runtime.getRuntime().totalMemory() >> 20);
  }

  /** Linux tells the most that was resident, mapped files included. */
  private static String peakResident() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return "unknown";
    }
    return Files.readAllLines(status).stream()
        .filter(l -> l.startsWith("VmHWM") || l.startsWith("RssAnon"))
        .map(l -> l.replaceAll("\\s+", " "))
        .collect(Collectors.joining("; "));
  }
}
