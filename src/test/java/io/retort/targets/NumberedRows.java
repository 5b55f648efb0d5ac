package io.retort.targets;

import io.retort.dataset.Split;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;

/**
 * Rows that are known by a number: row n is [n, -n, n / 2].
 *
 * @param numbers by position
 */
record NumberedRows(int... numbers) implements Split {

  static NumberedRows range(int from, int to) {
    return new NumberedRows(IntStream.range(from, to).toArray());
  }

  @Override
  public int size() {
    return numbers.length;
  }

  @Override
  public int columns() {
    return 3;
  }

  @Override
  public void gather(int[] positions, int from, int count, FloatBuffer into) {
    for (int i = 0; i < count; i++) {
      float n = numbers[positions[from + i]];
      into.put(3 * i, n).put(3 * i + 1, -n).put(3 * i + 2, n / 2);
    }
  }

  @Override
  public int label(int position) {
    return 0;
  }
}
