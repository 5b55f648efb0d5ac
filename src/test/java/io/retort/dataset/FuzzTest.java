package io.retort.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.retort.spec.Cancellation;
import io.retort.spec.Fault;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged files of every format are read or refused as bad data: no crash, no hang, no failure of
 * the service's own. {@code -Dfuzz.rounds=10000} takes long; {@code -Dfuzz.seed} and {@code
 * -Dfuzz.first} repeat a round.
 */
class FuzzTest {

  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 40);
  private static final int FIRST = Integer.getInteger("fuzz.first", 0);
  private static final long SEED = Long.getLong("fuzz.seed", 7);
  private static final Duration HANG = Duration.ofSeconds(60);

  /** What the process may hold beside its heap: DuckDB's cap, and as much again for the JVM. */
  private static final long BESIDE_THE_HEAP = 1L << 30;

  @TempDir Path directory;
  private TestFiles files;

  @BeforeEach
  void open() throws IOException {
    files = new TestFiles(directory);
  }

  enum Kind {
    CSV,
    CSV_GZ,
    JSONL,
    JSONL_GZ,
    PARQUET,
    NPY,
    NPY_LABELS,
    NPZ,
    IDX,
    IDX_GZ
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void damagedFilesAreReadOrRefused(Kind kind) throws Exception {
    List<byte[]> whole = whole(kind);
    for (byte[] each : whole) {
      assertThat(refused(kind, each, -1)).isFalse();
    }
    int refused = 0;
    for (int round = FIRST; round < FIRST + ROUNDS; round++) {
      Random random = new Random(SEED * 1_000_003 + round);
      byte[] damaged = Mutation.of(whole.get(round % whole.size()), random);
      refused += refused(kind, damaged, round) ? 1 : 0;
    }
    assertThat(peakBytes()).isLessThan(Runtime.getRuntime().maxMemory() + BESIDE_THE_HEAP);
    assertThat(refused).isPositive();
    if (ROUNDS > 1_000) {
      System.out.printf(
          "%s: %,d files, %,d refused, peak %,d MiB%n", kind, ROUNDS, refused, peakBytes() >> 20);
    }
  }

  private boolean refused(Kind kind, byte[] content, int round) {
    String uri = files.bytes("fuzzed", content);
    String features =
        switch (kind) {
          case NPY -> uri + "\", \"labels\": \"file:y.npy";
          case NPY_LABELS -> "file:x.npy\", \"labels\": \"" + uri;
          case IDX, IDX_GZ -> uri + "\", \"labels\": \"file:y.idx";
          default -> uri;
        };
    var spec = TestFiles.spec("{\"uri\": \"" + features + "\"}");
    return assertTimeoutPreemptively(
        HANG,
        () -> {
          try {
            files.datasets.preview(spec, 10, Cancellation.NONE);
            return false;
          } catch (DatasetException e) {
            assertThat(e.fault())
                .as("%s, round %d: %s, for %s", kind, round, e, e.getCause())
                .isEqualTo(Fault.DATA);
            return true;
          } catch (Throwable e) {
            throw new AssertionError("%s, round %d".formatted(kind, round), e);
          }
        },
        () -> kind + " hangs in round " + round);
  }

  /** Whole files of a kind, in its variants. */
  private List<byte[]> whole(Kind kind) throws Exception {
    files.bytes("y.npy", TestFiles.npy("|u1", "(4,)", new byte[] {0, 1, 1, 0}));
    files.bytes("y.idx", TestFiles.idx(new int[] {4}, 0, 1, 1, 0));
    byte[] numbers = TestFiles.floats(ByteOrder.LITTLE_ENDIAN, 1, 2, 3, 4, 5, 6, 7, 8);
    byte[] x = TestFiles.npy("<f4", "(4, 2)", numbers);
    byte[] y = TestFiles.npy("<i8", "(4,)", new byte[32]);
    y[y.length - 8] = 1;
    byte[] images = TestFiles.idx(new int[] {4, 2, 2}, new int[16]);
    files.bytes("x.npy", x);
    return switch (kind) {
      case CSV ->
          List.of(text(csv()), text("a;label\n1,5;\"x \"\"y\"\"\"\n2;z\n".replace(',', '.')));
      case CSV_GZ -> List.of(TestFiles.gzip(text(csv())));
      case JSONL -> List.of(text(jsonLines()));
      case JSONL_GZ -> List.of(TestFiles.gzip(text(jsonLines())));
      case PARQUET -> parquet();
      case NPY -> List.of(x, TestFiles.npy(">f2", "(4, 1, 2)", new byte[16]));
      case NPY_LABELS -> List.of(y);
      case NPZ -> List.of(TestFiles.zip("x.npy", x, "y.npy", y));
      case IDX -> List.of(images);
      case IDX_GZ -> List.of(TestFiles.gzip(images));
    };
  }

  private static String csv() {
    return TestFiles.csv(30) + "\"1e3\",.5,\"no\"\n";
  }

  private static String jsonLines() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      lines.append(
          """
          {"a": %d, "b": -2.5e-1, "c": [1, 2], "d": [[1], [2]], "e": true, "label": "\\u00e4%d"}
          """
              .formatted(i, i % 3));
    }
    return lines.toString();
  }

  /** Every codec and encoding that DuckDB writes, and columns that are not read. */
  private List<byte[]> parquet() throws SQLException, IOException {
    List<byte[]> all = new ArrayList<>();
    for (String options :
        List.of(
            "COMPRESSION snappy",
            "COMPRESSION zstd",
            "COMPRESSION gzip",
            "COMPRESSION lz4_raw",
            "COMPRESSION brotli",
            "COMPRESSION uncompressed",
            "COMPRESSION uncompressed, PARQUET_VERSION v2",
            "COMPRESSION snappy, PARQUET_VERSION v2, ROW_GROUP_SIZE 2048")) {
      files.parquet(
          "whole.parquet",
          "SELECT i::DOUBLE / 3 AS a, (i % 7)::TINYINT AS b, (i * i)::DECIMAL(18, 3) AS c,"
              + " i::FLOAT AS d, i > 40 AS e, i::UBIGINT AS f, [i, -i]::FLOAT[] AS g,"
              + " [[i], [2 * i]] AS h, 'c' || (i % 3) AS label"
              + " FROM range(90) t(i)",
          options);
      all.add(Files.readAllBytes(files.files.resolve("whole.parquet")));
    }
    return all;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The most memory that this process ever held; 0 where the system does not say. */
  private static long peakBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        ? Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
            .findFirst()
            .orElse(0)
        : 0;
  }
}
