package io.retort.training;

import io.retort.dataset.Split;
import io.retort.model.FeatureScaling;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Mean and deviation of every column, in one pass (Welford, 1962). */
public final class FeatureStatistics {

  private static final int CHUNK = 1024;

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
    FloatBuffer rows = FloatBuffer.allocate(CHUNK * columns);
    int[] positions = new int[CHUNK];
    for (int from = 0; from < train.size(); from += CHUNK) {
      int count = Math.min(CHUNK, train.size() - from);
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
