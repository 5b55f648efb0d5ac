package io.retort.training;

import io.retort.dataset.Split;
import io.retort.model.FeatureScaling;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Mean and deviation of every column, in one pass (Welford, 1962). */
public final class FeatureStatistics {

  /** Numbers that are read at once; 1,024 rows where they are not wide. */
  private static final int MOST_NUMBERS = 1 << 20;

  private static final int MOST_ROWS = 1024;

  /** Numbers of this size make the sums of a network's first layer as it expects them. */
  private static final double LARGE = 3;

  private static final double SMALL = 0.1;
  private static final int LOOKED_AT = 10_000;

  private FeatureStatistics() {}

  /**
   * The scaling of a part.
   *
   * @param train the part whose statistics travel with the model
   */
  public static FeatureScaling of(Split train) {
    int columns = train.columns();
    double[] mean = new double[columns];
    double[] squares = new double[columns];
    int chunk = Math.max(1, Math.min(MOST_ROWS, MOST_NUMBERS / columns));
    FloatBuffer rows = FloatBuffer.allocate(chunk * columns);
    int[] positions = new int[chunk];
    for (int from = 0; from < train.size(); from += chunk) {
      int count = Math.min(chunk, train.size() - from);
      for (int i = 0; i < count; i++) {
        positions[i] = from + i;
      }
      train.gather(positions, 0, count, rows);
      for (int i = 0; i < count * columns; i++) {
        int c = i % columns;
        double delta = rows.get(i) - mean[c];
        mean[c] += delta / (from + i / columns + 1);
        squares[c] += delta * (rows.get(i) - mean[c]);
      }
    }
    return scaling(mean, squares, train.size());
  }

  /**
   * Whether features are so far from unit size that a network hardly learns from them: a column's
   * root mean square is over 3, or no number reaches 0.1. Looks at 10,000 rows at most, evenly
   * spaced.
   */
  public static boolean farFromUnitSize(Split train) {
    int columns = train.columns();
    int rows = Math.min(train.size(), LOOKED_AT);
    double[] squares = new double[columns];
    double largest = 0;
    FloatBuffer row = FloatBuffer.allocate(columns);
    int[] position = new int[1];
    for (int i = 0; i < rows; i++) {
      position[0] = (int) ((long) i * train.size() / rows);
      train.gather(position, 0, 1, row);
      for (int c = 0; c < columns; c++) {
        double value = row.get(c);
        squares[c] += value * value;
        largest = Math.max(largest, Math.abs(value));
      }
    }
    boolean small = largest > 0 && largest < SMALL;
    return small || Arrays.stream(squares).anyMatch(sum -> sum > LARGE * LARGE * rows);
  }

  private static FeatureScaling scaling(double[] mean, double[] squares, int rows) {
    List<Float> means = new ArrayList<>();
    List<Float> deviations = new ArrayList<>();
    for (int c = 0; c < mean.length; c++) {
      float deviation = (float) Math.sqrt(squares[c] / rows);
      means.add((float) mean[c]);
      // a constant column carries nothing, and its rounding errors must not be blown up
      deviations.add(
          deviation > 1e-6f * Math.abs((float) mean[c]) && deviation > 0 ? deviation : 1);
    }
    return new FeatureScaling(means, deviations);
  }
}
