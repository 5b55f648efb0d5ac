package io.retort.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mean of huber(A - A') over all triples of rows, where A_ijk is the cosine at row i between
 * rows j and k, and its gradient; A' is the teacher's. Both are read from products of rows G, whose
 * centre does not matter: with N_ij = G_ii + G_jj - 2 G_ij, the squared distance, and r = 1 /
 * sqrt(N),
 *
 * <pre>A_ijk = (G_jk - G_ij - G_ik + G_ii) r_ij r_ik</pre>
 *
 * so that a triple costs a few operations whatever the width of the rows. With h the slope of huber
 * over B^3, P_ijk = h_ijk r_ij r_ik and U_ij the sum over k of h_ijk A_ijk, the gradient of G_jk is
 * the sum over i of P_ijk, that of G_ij takes in -2 and that of G_ii 1 for each sum over k of
 * P_ijk, and that of N_ij is -r_ij^2 U_ij.
 */
public final class Angles {

  /**
   * Rows whose squared distance is less than this share of their squared lengths have no direction
   * between them: in single precision the difference would be noise.
   */
  private static final float NOTHING = 1e-6f;

  private final int n;
  private final FloatBuffer student;
  private final FloatBuffer teacher;
  private final Side s;
  private final Side t;
  private final float[][] gradient;
  private final float[] cosines;
  private final float[] differences;
  private final float[] loss;
  private final float[] sums;
  private final float[] turns;

  /** One network's products, and what they are for the row at whose place angles are taken. */
  private static final class Side {
    final float[][] products;
    final float[] nearness;
    final float[] from;

    Side(int n) {
      products = new float[n][n];
      nearness = new float[n];
      from = new float[n];
    }

    void read(FloatBuffer values) {
      for (int i = 0; i < products.length; i++) {
        values.get(i * products.length, products[i]);
      }
    }

    void at(int i) {
      float[] own = products[i];
      for (int k = 0; k < own.length; k++) {
        float lengths = own[i] + products[k][k];
        float distance = lengths - 2 * own[k];
        nearness[k] = distance > NOTHING * lengths ? (float) (1 / Math.sqrt(distance)) : 0;
        from[k] = own[i] - own[k];
      }
    }
  }

  /**
   * @param student products of rows with rows, [n, n]
   * @param teacher likewise
   */
  public Angles(INDArray student, INDArray teacher) {
    this.n = Math.toIntExact(student.size(0));
    this.student = BlockProgram.buffer(student);
    this.teacher = BlockProgram.buffer(teacher);
    this.s = new Side(n);
    this.t = new Side(n);
    this.gradient = new float[n][n];
    this.cosines = new float[n];
    this.differences = new float[n];
    this.loss = new float[n];
    this.sums = new float[n];
    this.turns = new float[n];
  }

  /** Computes the loss, and the gradient for {@link #gradient}. */
  public Kernel loss(INDArray into) {
    FloatBuffer out = BlockProgram.buffer(into);
    return () -> {
      s.read(student);
      t.read(teacher);
      for (float[] row : gradient) {
        Arrays.fill(row, 0);
      }
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += at(i);
      }
      out.put(0, (float) (sum / n / n / n));
    };
  }

  /** The gradient of the student's products, of the last run of {@link #loss}, times a number. */
  public Kernel gradient(INDArray slope, INDArray into) {
    FloatBuffer factor = BlockProgram.buffer(slope);
    FloatBuffer out = BlockProgram.buffer(into);
    float[] row = new float[n];
    return () -> {
      float share = (float) (factor.get(0) / ((double) n * n * n));
      for (int i = 0; i < n; i++) {
        Loops.scale(gradient[i], share, row, n);
        out.put(i * n, row, 0, n);
      }
    };
  }

  /** All angles at one row. */
  private double at(int i) {
    s.at(i);
    t.at(i);
    Arrays.fill(loss, 0);
    Arrays.fill(sums, 0);
    Arrays.fill(turns, 0);
    float[] own = s.products[i];
    float[] others = t.products[i];
    for (int j = 0; j < n; j++) {
      cosines(s.products[j], s.from, own[j], s.nearness, s.nearness[j], cosines, n);
      cosines(t.products[j], t.from, others[j], t.nearness, t.nearness[j], differences, n);
      Loops.subtract(cosines, differences, differences, n);
      lose(cosines, differences, loss, turns, n);
      pull(differences, s.nearness, s.nearness[j], sums, gradient[j], n);
    }
    finish(i);
    return Loops.sum(loss, 0, n);
  }

  private static void cosines(
      float[] products, float[] from, float to, float[] near, float nearJ, float[] out, int n) {
    for (int k = 0; k < n; k++) {
      out[k] = (products[k] + from[k] - to) * (near[k] * nearJ);
    }
  }

  /**
   * Adds up the loss and h A; leaves h in place of the differences, which are at most 2: what they
   * have beyond 1 and -1 is exact then, and taken off faster than a maximum and a minimum, which
   * heed signs of 0, are found.
   */
  private static void lose(float[] cosines, float[] d, float[] loss, float[] turns, int n) {
    for (int k = 0; k < n; k++) {
      float above = d[k] - 1;
      float below = -1 - d[k];
      float h = d[k] - 0.5f * (above + Math.abs(above)) + 0.5f * (below + Math.abs(below));
      loss[k] += h * (d[k] - 0.5f * h);
      turns[k] += h * cosines[k];
      d[k] = h;
    }
  }

  /** Adds up P. */
  private static void pull(
      float[] h, float[] near, float nearJ, float[] sums, float[] gradient, int n) {
    for (int k = 0; k < n; k++) {
      float p = h[k] * (near[k] * nearJ);
      sums[k] += p;
      gradient[k] += p;
    }
  }

  /** What the sums over the angles at a row add to the gradient. */
  private void finish(int i) {
    float[] row = gradient[i];
    for (int k = 0; k < n; k++) {
      float distance = -s.nearness[k] * s.nearness[k] * turns[k];
      row[i] += sums[k] + distance;
      gradient[k][k] += distance;
      row[k] -= 2 * (sums[k] + distance);
    }
  }
}
