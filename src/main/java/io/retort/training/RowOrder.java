package io.retort.training;

import java.util.SplittableRandom;

/** The order of the rows: a function of seed and epoch, so that a run can be taken up anywhere. */
final class RowOrder {

  private final int[] rows;
  private final long seed;

  RowOrder(int size, long seed) {
    this.rows = new int[size];
    this.seed = seed;
  }

  /**
   * A permutation by Fisher and Yates; the array is reused by the next call.
   *
   * @param epoch from 1
   */
  int[] of(int epoch) {
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
    SplittableRandom random = Seeds.random(seed, "rows", epoch);
    for (int i = rows.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int row = rows[i];
      rows[i] = rows[j];
      rows[j] = row;
    }
    return rows;
  }
}
