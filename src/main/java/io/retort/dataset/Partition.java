package io.retort.dataset;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/**
 * Rows split into three parts that share none, each class in proportion, the same for the same
 * seed.
 *
 * @param train ascending row numbers; so are the others
 */
record Partition(int[] train, int[] validation, int[] test) {

  /**
   * @param counts rows of each class
   * @param validation share, 0 for none
   * @param test share, 0 for none
   */
  static Partition of(
      IntUnaryOperator label, int[] counts, double validation, double test, long seed) {
    int[][] byClass = new int[counts.length][];
    for (int c = 0; c < counts.length; c++) {
      byClass[c] = new int[counts[c]];
    }
    int[] filled = new int[counts.length];
    int rows = Arrays.stream(counts).sum();
    for (int r = 0; r < rows; r++) {
      int c = label.applyAsInt(r);
      byClass[c][filled[c]++] = r;
    }
    Share forTest = new Share(test);
    Share forValidation = new Share(validation);
    Rows trainRows = new Rows(rows);
    Rows validationRows = new Rows(rows);
    Rows testRows = new Rows(rows);
    SplittableRandom random = new SplittableRandom(seed);
    for (int[] group : byClass) {
      shuffle(group, random);
      // every class keeps a row to be learned from
      int t = Math.min(forTest.of(group.length), group.length - 1);
      int v = Math.min(forValidation.of(group.length), group.length - 1 - t);
      testRows.add(group, 0, t);
      validationRows.add(group, t, t + v);
      trainRows.add(group, t + v, group.length);
    }
    return new Partition(trainRows.sorted(), validationRows.sorted(), testRows.sorted());
  }

  private static void shuffle(int[] rows, SplittableRandom random) {
    for (int i = rows.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int row = rows[i];
      rows[i] = rows[j];
      rows[j] = row;
    }
  }

  /** Rounds class by class and carries the rest on, so that the sum is right as well. */
  private static final class Share {
    private final double share;
    private double carry;

    Share(double share) {
      this.share = share;
    }

    int of(int rows) {
      double exact = rows * share + carry;
      int whole = (int) Math.max(0, Math.round(exact));
      carry = exact - whole;
      return whole;
    }
  }

  private static final class Rows {
    private final int[] rows;
    private int size;

    Rows(int capacity) {
      rows = new int[capacity];
    }

    void add(int[] from, int begin, int end) {
      System.arraycopy(from, begin, rows, size, end - begin);
      size += end - begin;
    }

    int[] sorted() {
      int[] result = Arrays.copyOf(rows, size);
      Arrays.sort(result);
      return result;
    }
  }
}
