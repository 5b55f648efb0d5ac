package io.retort.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartitionTest {

  @Test
  void partsAreDisjointCompleteAndInProportion() {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 50; trial++) {
      int rows = 50 + random.nextInt(2000);
      int classes = 2 + random.nextInt(10);
      int[] labels = random.ints(rows, 0, classes).toArray();
      int[] counts = counts(labels, classes);
      double v = 0.05 + 0.3 * random.nextDouble();
      double t = 0.05 + 0.3 * random.nextDouble();

      Partition p = Partition.of(i -> labels[i], counts, v, t, trial);

      int[] all =
          IntStream.of(p.train())
              .boxed()
              .collect(
                  java.util.stream.Collectors.collectingAndThen(
                      java.util.stream.Collectors.toList(),
                      l ->
                          IntStream.concat(
                                  l.stream().mapToInt(i -> i),
                                  IntStream.concat(
                                      Arrays.stream(p.validation()), Arrays.stream(p.test())))
                              .sorted()
                              .toArray()));
      assertThat(all).isEqualTo(IntStream.range(0, rows).toArray());
      assertThat(p.test().length).isCloseTo((int) Math.round(rows * t), within(1));
      assertThat(p.validation().length).isCloseTo((int) Math.round(rows * v), within(1));
      int[] inTest = counts(Arrays.stream(p.test()).map(i -> labels[i]).toArray(), classes);
      for (int c = 0; c < classes; c++) {
        assertThat((double) inTest[c]).isCloseTo(counts[c] * t, within(1.5));
      }
    }
  }

  @Test
  void theSeedDecides() {
    int[] counts = {50, 50};
    Partition a = Partition.of(i -> i % 2, counts, 0.1, 0.2, 7);
    assertThat(Partition.of(i -> i % 2, counts, 0.1, 0.2, 7).test()).isEqualTo(a.test());
    assertThat(Partition.of(i -> i % 2, counts, 0.1, 0.2, 8).test()).isNotEqualTo(a.test());
  }

  @Test
  void everyClassKeepsARowToLearnFrom() {
    Partition p = Partition.of(i -> i == 0 ? 1 : 0, new int[] {9, 1}, 0.45, 0.45, 1);
    assertThat(p.train()).contains(0);
  }

  private static int[] counts(int[] labels, int classes) {
    int[] counts = new int[classes];
    for (int l : labels) {
      counts[l]++;
    }
    return counts;
  }
}
