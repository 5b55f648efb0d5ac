package io.retort.training;

import io.retort.neighbours.Neighbours;
import java.util.Arrays;

/**
 * The order of the rows where close ones share a batch: a batch takes the next row of the shuffled
 * order that the epoch has not used yet, after it those of its neighbours that are not used yet
 * either, the nearest first, and so on until it is full. Every row comes once an epoch, and as in
 * the shuffled order only the last batch is short.
 */
final class NeighbourOrder implements EpochOrder {

  private final EpochOrder shuffled;
  private final Neighbours neighbours;
  private final int batchSize;
  private final int[] rows;
  private final boolean[] used;

  NeighbourOrder(EpochOrder shuffled, Neighbours neighbours, int batchSize) {
    this.shuffled = shuffled;
    this.neighbours = neighbours;
    this.batchSize = batchSize;
    this.rows = new int[neighbours.rows()];
    this.used = new boolean[rows.length];
  }

  @Override
  public int[] of(int epoch) {
    Arrays.fill(used, false);
    int next = 0;
    for (int seed : shuffled.of(epoch)) {
      if (used[seed]) {
        continue;
      }
      next = take(seed, next);
      for (int i = 0; i < neighbours.k() && next % batchSize != 0; i++) {
        int row = neighbours.of(seed, i);
        if (row >= 0 && !used[row]) {
          next = take(row, next);
        }
      }
    }
    return rows;
  }

  private int take(int row, int at) {
    used[row] = true;
    rows[at] = row;
    return at + 1;
  }
}
