package io.retort.training.term;

import java.util.SplittableRandom;

/**
 * The embedding that one network last gave each row, and the constant Z of the comparison with
 * them. They begin uniform in +-1 / sqrt(width / 3) and move by 1 - momentum towards what they are
 * seen to be, at length 1.
 */
final class RememberedRows {

  static final String OWN = "/own";
  static final String CANDIDATES = "/candidates";
  static final String SCALE = "/scale";

  private final String name;
  private final int count;
  private final int width;
  private final float[] rows;
  private final float[] constant = new float[1];
  private float[] candidates = new float[0];
  private float[] own = new float[0];

  RememberedRows(String name, int count, int width, SplittableRandom random) {
    this.name = name;
    this.count = count;
    this.width = width;
    this.rows = new float[Math.multiplyExact(count, width)];
    double bound = 1 / Math.sqrt(width / 3.0);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
  }

  /** Row-major. */
  float[] rows() {
    return rows;
  }

  /** Z; 0 before it is known. */
  float[] constant() {
    return constant;
  }

  void give(int[] order, int from, int[] chosen, int perRow, BatchArrays batch) {
    candidates = gathered(chosen, 0, chosen.length, candidates);
    own = gathered(order, from, batch.batch(), own);
    batch.write(name + CANDIDATES, candidates);
    batch.write(name + OWN, own);
    scale(perRow, batch);
  }

  private float[] gathered(int[] positions, int from, int length, float[] reused) {
    float[] into = reused.length == length * width ? reused : new float[length * width];
    for (int i = 0; i < length; i++) {
      System.arraycopy(rows, positions[from + i] * width, into, i * width, width);
    }
    return into;
  }

  private void scale(int perRow, BatchArrays batch) {
    double z = constant[0] == 0 ? count : constant[0];
    batch.write(name + SCALE, new float[] {(float) (count / (perRow * z))});
  }

  /**
   * Settles Z: n times the mean of exp(&lt;m, v&gt; / temperature) over the batch that was given.
   *
   * @param seen embeddings by the other network, [batch, width]
   * @param drawn how often each row drew each candidate
   */
  void settle(float[] seen, float[] drawn, double temperature, int perRow, BatchArrays batch) {
    int choice = candidates.length / width;
    double sum = 0;
    double terms = 0;
    for (int i = 0; i < batch.batch(); i++) {
      sum += Math.exp(product(seen, i, own, i) / temperature);
      terms++;
      for (int j = 0; j < choice; j++) {
        float times = drawn[i * choice + j];
        if (times > 0) {
          sum += times * Math.exp(product(seen, i, candidates, j) / temperature);
          terms += times;
        }
      }
    }
    constant[0] = (float) (sum / terms * count);
    scale(perRow, batch);
  }

  private double product(float[] a, int i, float[] b, int j) {
    double product = 0;
    for (int d = 0; d < width; d++) {
      product += (double) a[i * width + d] * b[j * width + d];
    }
    return product;
  }

  /**
   * @param seen embeddings by the same network, [batch, width], of the rows whose positions stand
   *     in {@code order} from {@code from}
   */
  void learn(float[] seen, int[] order, int from, double momentum) {
    for (int i = 0; i < seen.length / width; i++) {
      int at = order[from + i] * width;
      double squares = 0;
      for (int d = 0; d < width; d++) {
        double moved = momentum * rows[at + d] + (1 - momentum) * seen[i * width + d];
        rows[at + d] = (float) moved;
        squares += moved * moved;
      }
      for (int d = 0; d < width && squares > 0; d++) {
        rows[at + d] = (float) (rows[at + d] / Math.sqrt(squares));
      }
    }
  }
}
