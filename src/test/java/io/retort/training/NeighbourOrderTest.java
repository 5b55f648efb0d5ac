package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.neighbours.Neighbours;
import io.retort.spec.Cancellation;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeighbourOrderTest {

  @ParameterizedTest
  @CsvSource({"300, 32, 8", "301, 64, 3", "40, 40, 20", "10, 3, 2"})
  void everyRowComesOnceAndWithThoseOfItsNeighboursThatAreLeft(int rows, int batch, int k) {
    ArrayTargets vectors = ArrayTargets.random(rows, 5);
    Neighbours neighbours = Neighbours.of(vectors, k, Cancellation.NONE, d -> {});
    for (int epoch : new int[] {1, 2, 7}) {
      int[] order = order(rows, batch, neighbours).of(epoch).clone();
      assertThat(Arrays.stream(order).sorted().toArray())
          .isEqualTo(IntStream.range(0, rows).toArray());
      assertThat(order(rows, batch, neighbours).of(epoch)).isEqualTo(order);
      followsTheRule(order, new RowOrder(rows, 4).of(epoch), batch, neighbours);
    }
  }

  private static EpochOrder order(int rows, int batch, Neighbours neighbours) {
    return new NeighbourOrder(new RowOrder(rows, 4), neighbours, batch);
  }

  /** Batch by batch: a seed is the first unused row of the shuffled order, others are its own. */
  private static void followsTheRule(
      int[] order, int[] shuffled, int batch, Neighbours neighbours) {
    Set<Integer> used = new HashSet<>();
    int seed = -1;
    int after = 0;
    for (int at = 0; at < order.length; at++) {
      int wanted = -1;
      for (int i = after; at % batch != 0 && i < neighbours.k() && wanted < 0; i++) {
        int near = neighbours.of(seed, i);
        after = i + 1;
        wanted = near >= 0 && !used.contains(near) ? near : -1;
      }
      if (wanted < 0) {
        seed = Arrays.stream(shuffled).filter(row -> !used.contains(row)).findFirst().orElseThrow();
        after = 0;
        wanted = seed;
      }
      assertThat(order[at]).isEqualTo(wanted);
      used.add(wanted);
    }
  }
}
