package io.retort.training;

import java.util.SplittableRandom;

/** Shuffled by seed and epoch. */
final class RowOrder implements EpochOrder {

  private final int[] rows;
  private final long seed;

  RowOrder(int size, long seed) {
    this.rows = new int[size];
    this.seed = seed;
  }

  /** By Fisher and Yates. */
  @Override
  public int[] of(int epoch) {
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
