package io.retort.training.term;

import io.retort.dataset.Split;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws the rows of other classes that {@link Contrast} pushes each row away from: without putting
 * back, or where there are too few with, as RepDistiller does.
 */
final class Negatives {

  /** Candidates that a batch has even where fewer could be drawn. */
  private static final int LEAST_CANDIDATES = 1 << 14;

  /** Numbers of [batch, candidates]: 64 MiB an array. */
  private static final int MOST_PRODUCTS = 1 << 24;

  private final int perRow;
  private final int[] labels;
  private final int[] shuffled;

  /** Where each class begins among the candidates. */
  private final int[] starts;

  private int[] candidates = new int[0];
  private float[] drawn = new float[0];

  Negatives(int perRow, Split rows) {
    this.perRow = perRow;
    this.labels = new int[rows.size()];
    int classes = 0;
    for (int row = 0; row < labels.length; row++) {
      labels[row] = rows.label(row);
      classes = Math.max(classes, labels[row] + 1);
    }
    this.starts = new int[classes + 1];
    this.shuffled = new int[labels.length];
  }

  /**
   * Rows that the negatives of a batch are drawn from: all there are, unless that would be more
   * than could be drawn or make large arrays.
   */
  static int candidates(int batch, int rows, int perRow) {
    long wanted = Math.max(LEAST_CANDIDATES, (long) batch * perRow);
    return (int) Math.min(rows, Math.min(wanted, Math.max(1, MOST_PRODUCTS / batch)));
  }

  /**
   * Draws for the rows whose positions stand in {@code order} from {@code from}.
   *
   * @param batch how many
   */
  void draw(int[] order, int from, int batch, SplittableRandom random) {
    choose(candidates(batch, labels.length, perRow), random);
    int count = candidates.length;
    drawn = drawn.length == batch * count ? drawn : new float[batch * count];
    Arrays.fill(drawn, 0);
    for (int i = 0; i < batch; i++) {
      draw(labels[order[from + i]], i * count, random);
    }
  }

  /** Takes so many rows, class by class. */
  private void choose(int count, SplittableRandom random) {
    identity(shuffled.length);
    for (int i = 0; i < count && count < shuffled.length; i++) {
      swap(i, i + random.nextInt(shuffled.length - i));
    }
    Arrays.fill(starts, 0);
    for (int i = 0; i < count; i++) {
      starts[labels[shuffled[i]] + 1]++;
    }
    for (int c = 1; c < starts.length; c++) {
      starts[c] += starts[c - 1];
    }
    int[] next = starts.clone();
    candidates = candidates.length == count ? candidates : new int[count];
    for (int i = 0; i < count; i++) {
      candidates[next[labels[shuffled[i]]]++] = shuffled[i];
    }
  }

  private void draw(int label, int at, SplittableRandom random) {
    int own = starts[label + 1] - starts[label];
    int others = candidates.length - own;
    if (perRow > others) {
      for (int k = 0; k < perRow && others > 0; k++) {
        count(random.nextInt(others), label, own, at, 1);
      }
      return;
    }
    // drawing those that are left out comes to the same, and often is less work
    boolean leaveOut = perRow > others / 2;
    if (leaveOut) {
      Arrays.fill(drawn, at, at + starts[label], 1);
      Arrays.fill(drawn, at + starts[label + 1], at + candidates.length, 1);
    }
    identity(others);
    int draws = leaveOut ? others - perRow : perRow;
    for (int k = 0; k < draws; k++) {
      swap(k, k + random.nextInt(others - k));
      count(shuffled[k], label, own, at, leaveOut ? -1 : 1);
    }
  }

  private void count(int place, int label, int own, int at, int times) {
    drawn[at + (place < starts[label] ? place : place + own)] += times;
  }

  private void identity(int length) {
    for (int i = 0; i < length; i++) {
      shuffled[i] = i;
    }
  }

  private void swap(int i, int j) {
    int row = shuffled[i];
    shuffled[i] = shuffled[j];
    shuffled[j] = row;
  }

  /** Positions of the rows that were to be drawn from. */
  int[] candidates() {
    return candidates;
  }

  /** How often each row of the batch drew each candidate, [batch, candidates]. */
  float[] drawn() {
    return drawn;
  }
}
