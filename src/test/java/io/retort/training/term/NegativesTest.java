package io.retort.training.term;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.dataset.Split;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NegativesTest {

  /** A row's class is the number of times 2 divides it, so that classes halve in size. */
  private record Halving(int size) implements Split {
    @Override
    public int columns() {
      return 1;
    }

    @Override
    public void gather(int[] positions, int from, int count, FloatBuffer into) {}

    @Override
    public int label(int position) {
      return Math.min(4, Integer.numberOfTrailingZeros(position + 1));
    }
  }

  @ParameterizedTest
  @CsvSource({"64, 12, 8", "64, 40, 5", "64, 500, 3", "40000, 100, 2000", "20000, 16384, 1024"})
  void everyRowDrawsSoManyOfOtherClassesAndNoneTwiceIfItCan(int rows, int perRow, int batch) {
    Halving split = new Halving(rows);
    Negatives negatives = new Negatives(perRow, split);
    int[] order = IntStream.range(0, rows).map(i -> rows - 1 - i).toArray();
    negatives.draw(order, 3, batch, new SplittableRandom(4));
    float[] drawn = negatives.drawn().clone();
    int[] candidates = negatives.candidates().clone();
    assertThat(candidates)
        .hasSize(Negatives.candidates(batch, rows, perRow))
        .doesNotHaveDuplicates();
    for (int i = 0; i < batch; i++) {
      int label = split.label(order[3 + i]);
      int sum = 0;
      float most = 0;
      long others = Arrays.stream(candidates).filter(row -> split.label(row) != label).count();
      for (int j = 0; j < candidates.length; j++) {
        float times = drawn[i * candidates.length + j];
        sum += (int) times;
        most = Math.max(most, times);
        if (split.label(candidates[j]) == label) {
          assertThat(times).isZero();
        }
      }
      assertThat(sum).isEqualTo(perRow);
      assertThat(most > 1).isEqualTo(perRow > others);
    }
    negatives.draw(order, 0, batch, new SplittableRandom(9));
    negatives.draw(order, 3, batch, new SplittableRandom(4));
    assertThat(negatives.drawn()).isEqualTo(drawn);
  }
}
