package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Relational distillation by distance (Park et al., 2019): mean over B^2, the diagonal included, of
 * huber(D_s / mu_s - D_t / mu_t), with D the distances between rows and mu their mean off the
 * diagonal, through which the gradient flows too. Unmoved by the scale of either side.
 */
final class RkdDistance implements Term {

  /** Squared distances below it count as it, as the root's slope has no bound at 0. */
  private static final double NEAREST = 1e-12;

  @Override
  public SDVariable loss(TermGraph g, List<Feature> student, List<Feature> teacher) {
    SDVariable s = relative(g, student.get(0).pooled());
    SDVariable t = relative(g, teacher.get(0).pooled());
    return g.mean(g.huber(s.sub(t), 2));
  }

  private static SDVariable relative(TermGraph g, SDVariable rows) {
    int n = g.batch();
    // distances do not depend on the centre, but their rounding does
    SDVariable x = rows.sub(g.stop(rows.mean(true, 0)));
    SDVariable squares = x.mul(x).sum(true, 1);
    SDVariable across = g.graph().permute(squares, 1, 0);
    SDVariable distances = g.mutualProducts(x).mul(g.number(-2, 2)).add(squares).add(across);
    SDVariable d =
        g.graph()
            .math
            .sqrt(g.graph().math.max(distances, g.number(NEAREST, 2)))
            .mul(g.matrix(offDiagonal(n)));
    SDVariable mean = g.sum(d).mul(g.number(1.0 / ((double) n * (n - 1)), 2));
    return d.mul(g.graph().math.reciprocal(mean));
  }

  private static double[][] offDiagonal(int n) {
    double[][] mask = new double[n][n];
    for (int i = 0; i < n; i++) {
      java.util.Arrays.fill(mask[i], 1);
      mask[i][i] = 0;
    }
    return mask;
  }
}
