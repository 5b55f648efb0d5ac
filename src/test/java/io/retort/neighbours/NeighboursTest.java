package io.retort.neighbours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.spec.Cancellation;
import io.retort.teacher.SoftTargets;
import java.nio.FloatBuffer;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NeighboursTest {

  private static final int K = 8;

  private record Vectors(float[][] rows) implements SoftTargets {

    static Vectors random(int rows, int width) {
      SplittableRandom random = new SplittableRandom(3);
      float[][] all = new float[rows][width];
      for (float[] row : all) {
        for (int d = 0; d < width; d++) {
          row[d] = (float) random.nextGaussian();
        }
      }
      return new Vectors(all);
    }

    @Override
    public int size() {
      return rows.length;
    }

    @Override
    public int width() {
      return rows[0].length;
    }

    @Override
    public void gather(int[] positions, int from, int count, FloatBuffer into) {
      for (int i = 0; i < count; i++) {
        into.put(i * width(), rows[positions[from + i]]);
      }
    }

    double distance(int a, int b) {
      double sum = 0;
      for (int d = 0; d < width(); d++) {
        sum += Math.pow(rows[a][d] - rows[b][d], 2);
      }
      return sum;
    }

    @Override
    public void close() {}
  }

  private static Neighbours find(Vectors vectors, int k) {
    return Neighbours.of(vectors, k, Cancellation.NONE, d -> {});
  }

  @Test
  void findsNearlyAllOfTheNearestRowsAndThoseInOrder() {
    Vectors vectors = Vectors.random(2000, 16);
    Neighbours found = find(vectors, K);
    int right = 0;
    for (int row = 0; row < 2000; row += 20) {
      int at = row;
      List<Integer> exact =
          IntStream.range(0, 2000)
              .filter(other -> other != at)
              .boxed()
              .sorted(Comparator.comparingDouble(other -> vectors.distance(at, other)))
              .limit(K)
              .toList();
      double last = 0;
      for (int i = 0; i < K; i++) {
        int other = found.of(row, i);
        right += exact.contains(other) ? 1 : 0;
        assertThat(vectors.distance(row, other)).isGreaterThanOrEqualTo(last);
        last = vectors.distance(row, other);
      }
    }
    assertThat(right).isGreaterThan(95 * K);
  }

  @Test
  void givesTheSameTableAgain() {
    Vectors vectors = Vectors.random(500, 5);
    Neighbours one = find(vectors, K);
    Neighbours two = find(vectors, K);
    for (int row = 0; row < 500; row++) {
      for (int i = 0; i < K; i++) {
        assertThat(one.of(row, i)).isEqualTo(two.of(row, i));
      }
    }
  }

  /** Rows that are all alike, and fewer of them than were asked for. */
  @Test
  void neverNamesARowItsOwnNeighbourNorAnyTwice() {
    for (Vectors vectors : List.of(new Vectors(new float[300][4]), Vectors.random(4, 3))) {
      Neighbours found = find(vectors, K);
      for (int row = 0; row < vectors.size(); row++) {
        Set<Integer> seen = new HashSet<>(Set.of(row));
        for (int i = 0; i < K && found.of(row, i) >= 0; i++) {
          assertThat(seen.add(found.of(row, i))).isTrue();
        }
        assertThat(seen.size()).isEqualTo(Math.min(vectors.size(), K + 1));
      }
    }
  }

  @Test
  void stopsWhenAskedTo() {
    assertThatThrownBy(() -> Neighbours.of(Vectors.random(50, 3), K, () -> true, d -> {}))
        .isInstanceOf(Cancellation.CancelledException.class);
  }
}
