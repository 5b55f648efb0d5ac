package io.retort.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.retort.outgoing.Outgoing;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Mnist1dTest {

  private static final Path FROZEN = Path.of("../shared/data/mnist1d/train.csv");

  @TempDir Path directory;

  @Test
  void hasFiveThousandStandardRowsOfTenClasses() throws Exception {
    PreparedDataset data = new TestFiles(directory).prepare("sample:mnist1d");
    assertThat(data.info().rows()).isEqualTo(5_000);
    assertThat(data.info().classCounts()).hasSize(10).containsOnly(500);
    assertThat(data.info().shape()).containsExactly(40);
    assertThat(data.train().size()).isEqualTo(3_500);
    assertThat(data.validation().size()).isEqualTo(500);
    assertThat(data.test().size()).isEqualTo(1_000);
  }

  @Test
  void isMadeAgainWhereItWasRemovedAsUnused() throws Exception {
    TestFiles files = new TestFiles(directory);
    PreparedDataset data = files.prepare("sample:mnist1d");
    assertThat(files.datasets.removeUnused(Instant.now().minusSeconds(60))).isZero();
    assertThat(files.datasets.removeUnused(Instant.now().plusSeconds(60))).isEqualTo(1);
    FloatBuffer row = FloatBuffer.allocate(40);
    data.train().gather(new int[] {0}, 0, 1, row);
    PreparedDataset again = files.prepare("sample:mnist1d");
    assertThat(again.info()).isEqualTo(data.info());
  }

  @Test
  void theSeedDecidesTheRows() {
    float[] a = new float[40];
    float[] b = new float[40];
    float[] c = new float[40];
    new Mnist1d(42).next(a);
    new Mnist1d(42).next(b);
    new Mnist1d(43).next(c);
    assertThat(a).isEqualTo(b).isNotEqualTo(c);
  }

  @Test
  void isStandardisedOverTheWholeSet() {
    Mnist1d data = new Mnist1d(42);
    float[] row = new float[40];
    double sum = 0;
    double squares = 0;
    while (data.next(row)) {
      for (float v : row) {
        sum += v;
        squares += v * v;
      }
    }
    assertThat(sum / 200_000).isCloseTo(0, within(1e-6));
    assertThat(squares / 200_000).isCloseTo(1, within(1e-5));
  }

  /** The generated rows and the published ones must be of one kind: neighbours tell the class. */
  @Test
  void resemblesThePublishedCopy() throws Exception {
    assumeTrue(Files.exists(FROZEN), "the published copy is not here");
    TestFiles files = new TestFiles(directory);
    Split ours = files.prepare("sample:mnist1d").train();
    Datasets theirs =
        new Datasets(
            directory.resolve("frozen"),
            DatasetLimits.DEFAULT,
            List.of(FROZEN.toAbsolutePath().getParent()),
            new Outgoing(List.of(), "a.setting"),
            id -> null);
    Split published =
        theirs
            .prepare(
                TestFiles.spec("{\"uri\": \"file:train.csv\"}"), io.retort.spec.Cancellation.NONE)
            .test();
    assertThat(neighbourAccuracy(ours, published)).isGreaterThan(0.5);
  }

  private static double neighbourAccuracy(Split known, Split asked) {
    float[] k = all(known);
    float[] a = all(asked);
    int right = 0;
    for (int i = 0; i < asked.size(); i++) {
      int nearest = 0;
      double best = Double.MAX_VALUE;
      for (int j = 0; j < known.size(); j++) {
        double d = 0;
        for (int c = 0; c < 40; c++) {
          float diff = a[i * 40 + c] - k[j * 40 + c];
          d += diff * diff;
        }
        if (d < best) {
          best = d;
          nearest = j;
        }
      }
      right += known.label(nearest) == asked.label(i) ? 1 : 0;
    }
    return (double) right / asked.size();
  }

  private static float[] all(Split split) {
    FloatBuffer rows = FloatBuffer.allocate(split.size() * 40);
    split.gather(
        java.util.stream.IntStream.range(0, split.size()).toArray(), 0, split.size(), rows);
    return rows.array();
  }
}
