package io.retort.training.term;

import io.retort.plan.OwnOperation;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mean of huber(A - A') over all triples of rows, from the products of rows with rows of
 * student and teacher, [n, n]; {@link io.retort.kernel.Angles} says how and does the same in single
 * precision. Its gradient is an operation of its own.
 */
final class AngleLoss extends OwnOperation {

  static final String NAME = "angle_loss";

  AngleLoss(SDVariable student, SDVariable teacher) {
    super(student, teacher);
  }

  @Override
  public String opName() {
    return NAME;
  }

  SDVariable gradient(SDVariable slope) {
    return new Gradient(args()[0], args()[1], outputVariable(), slope).outputVariable();
  }

  @Override
  public long[] shape(List<INDArray> in) {
    return new long[] {1, 1};
  }

  @Override
  public void compute(List<INDArray> in, INDArray out) {
    out.putScalar(0, 0, new Triples(in).loss);
  }

  /** Reads the loss too, so that it comes after it. */
  private static final class Gradient extends OwnOperation {

    Gradient(SDVariable student, SDVariable teacher, SDVariable loss, SDVariable slope) {
      super(student, teacher, loss, slope);
    }

    @Override
    public String opName() {
      return NAME + "_bp";
    }

    @Override
    public long[] shape(List<INDArray> in) {
      return in.get(0).shape();
    }

    @Override
    public void compute(List<INDArray> in, INDArray out) {
      double slope = in.get(3).getDouble(0);
      double[][] gradient = new Triples(in).gradient;
      for (int i = 0; i < gradient.length; i++) {
        for (int j = 0; j < gradient.length; j++) {
          out.putScalar(i, j, slope * gradient[i][j]);
        }
      }
    }
  }

  /** Triple by triple. */
  private static final class Triples {
    private static final double NOTHING = 1e-13;

    private final double[][] gradient;
    private double loss;

    Triples(List<INDArray> in) {
      double[][] s = in.get(0).toDoubleMatrix();
      double[][] t = in.get(1).toDoubleMatrix();
      int n = s.length;
      double share = 1.0 / ((double) n * n * n);
      gradient = new double[n][n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          for (int k = 0; k < n; k++) {
            double near = near(s, i, j) * near(s, i, k);
            double cosine = across(s, i, j, k) * near;
            double d = cosine - across(t, i, j, k) * near(t, i, j) * near(t, i, k);
            double h = Math.max(-1, Math.min(1, d)) * share;
            loss += h * (d - h / share / 2);
            products(i, j, k, h * near);
            distance(s, i, j, h * cosine);
            distance(s, i, k, h * cosine);
          }
        }
      }
    }

    private void products(int i, int j, int k, double p) {
      gradient[j][k] += p;
      gradient[i][j] -= p;
      gradient[i][k] -= p;
      gradient[i][i] += p;
    }

    /** d (N^-1/2) = -1/2 N^-3/2 dN. */
    private void distance(double[][] g, int i, int j, double turn) {
      double slope = -0.5 * near(g, i, j) * near(g, i, j) * turn;
      gradient[i][i] += slope;
      gradient[j][j] += slope;
      gradient[i][j] -= 2 * slope;
    }

    private static double across(double[][] g, int i, int j, int k) {
      return g[j][k] - g[i][j] - g[i][k] + g[i][i];
    }

    private static double near(double[][] g, int i, int j) {
      double lengths = g[i][i] + g[j][j];
      double distance = lengths - 2 * g[i][j];
      return distance > NOTHING * lengths ? 1 / Math.sqrt(distance) : 0;
    }
  }
}
