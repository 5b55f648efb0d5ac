package io.retort.training.term;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Knowledge review (Chen et al., 2021). From the deepest stage upwards each map of the student is
 * fused with what the stages behind it gave, by trained attention, and compared with the teacher's
 * map of that stage: mean squared differences of the maps and of their averages over 4, 2 and 1
 * windows a side, weighted 1, 1/2, 1/4, 1/8 and divided by the sum of weights; sizes of 1 to 1 or
 * more windows are left out, as published.
 *
 * <p>Averages of differences are differences of averages, so they are taken once, all windows of
 * all sizes by one matrix, whose columns are weighted by the roots of what their squares count.
 */
final class Review implements Term {

  private static final int[] WINDOWS = {4, 2, 1};
  private static final int MOST_WIDTH = 512;

  @Override
  public SDVariable loss(TermGraph g, List<Feature> student, List<Feature> teacher) {
    int middle =
        Math.min(MOST_WIDTH, teacher.stream().mapToInt(Feature::channels).max().orElseThrow());
    SDVariable total = g.number(0, 2);
    SDVariable behind = null;
    for (int i = student.size() - 1; i >= 0; i--) {
      Feature s = student.get(i);
      Feature t = teacher.get(i).pooledTo(s.height(), s.width());
      SDVariable fused = g.batchNorm(g.linear(s.pixels(), s.channels(), middle), middle);
      if (behind != null) {
        fused = fuse(g, fused, enlarged(g, behind, student.get(i + 1), s, middle), middle);
      }
      behind = fused;
      SDVariable images = fused.reshape(g.batch(), s.height(), s.width(), middle);
      SDVariable out =
          g.convolution(images, middle, t.channels())
              .reshape((long) g.batch() * s.positions(), t.channels());
      SDVariable difference = g.batchNorm(out, t.channels()).sub(t.pixels());
      total = total.add(pyramid(g, difference, t));
    }
    return total;
  }

  private static SDVariable enlarged(
      TermGraph g, SDVariable pixels, Feature from, Feature to, int width) {
    double[][] weights = Resampling.enlarging(from.height(), from.width(), to.height(), to.width());
    return g.mixed(pixels.reshape(g.batch(), from.positions(), width), weights)
        .reshape((long) g.batch() * to.positions(), width);
  }

  /** Both weighted position by position, with weights that are read from both. */
  private static SDVariable fuse(TermGraph g, SDVariable x, SDVariable y, int width) {
    SDVariable weights = g.graph().nn.sigmoid(g.linear(x, y, width, 2));
    return x.mul(spread(g, weights, 0, width)).add(y.mul(spread(g, weights, 1, width)));
  }

  /** One of two columns, repeated. */
  private static SDVariable spread(TermGraph g, SDVariable columns, int column, int times) {
    double[][] matrix = new double[2][times];
    Arrays.fill(matrix[column], 1);
    return columns.mmul(g.matrix(matrix));
  }

  /**
   * @param difference of the maps, [batch * positions, channels]
   */
  private static SDVariable pyramid(TermGraph g, SDVariable difference, Feature like) {
    List<double[][]> windows = new ArrayList<>();
    List<Double> counts = new ArrayList<>();
    double weight = 1;
    double weights = 1;
    for (int n : WINDOWS) {
      if (n < Math.max(like.height(), like.width())) {
        weight /= 2;
        weights += weight;
        int h = Math.min(n, like.height());
        int w = Math.min(n, like.width());
        windows.add(Resampling.pooling(like.height(), like.width(), h, w));
        counts.add(weight / (h * w));
      }
    }
    double share = 1 / (weights * g.batch() * like.channels());
    SDVariable sum = g.sum(difference.mul(difference)).mul(g.number(share / like.positions(), 2));
    if (windows.isEmpty()) {
      return sum;
    }
    SDVariable maps = difference.reshape(g.batch(), like.positions(), like.channels());
    SDVariable averages = g.mixed(maps, sideBySide(windows, counts));
    return sum.add(g.sum(averages.mul(averages)).mul(g.number(share, 2)));
  }

  /** Columns of all matrices, each times the root of its count. */
  private static double[][] sideBySide(List<double[][]> matrices, List<Double> counts) {
    int rows = matrices.get(0).length;
    double[][] all = new double[rows][];
    for (int p = 0; p < rows; p++) {
      int row = p;
      all[p] =
          IntStream.range(0, matrices.size())
              .boxed()
              .flatMapToDouble(
                  m -> Arrays.stream(matrices.get(m)[row]).map(x -> x * Math.sqrt(counts.get(m))))
              .toArray();
    }
    return all;
  }
}
