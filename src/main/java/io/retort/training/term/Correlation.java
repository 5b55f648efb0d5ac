package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Correlation congruence (Peng et al., 2019) as RepDistiller codes it: trained linear embeddings of
 * both sides, d = |e_s - e_t|, and the mean over the B - 1 pairs of neighbouring rows of the sum of
 * d_i d_(i+1).
 *
 * @param width of the embeddings
 */
record Correlation(int width) implements Term {

  @Override
  public SDVariable loss(TermGraph g, List<Feature> student, List<Feature> teacher) {
    SDVariable s = embedded(g, student.get(0));
    SDVariable d = g.graph().math.abs(s.sub(embedded(g, teacher.get(0))));
    SDVariable next = g.movedUp(d, width).mul(g.matrix(allButTheLast(g.batch())));
    return g.sum(d.mul(next)).mul(g.number(1.0 / (g.batch() - 1), 2));
  }

  private SDVariable embedded(TermGraph g, Feature feature) {
    return g.linear(feature.pooled(), feature.channels(), width);
  }

  /** A column of 1, but 0 for the last row, which no row follows. */
  private static double[][] allButTheLast(int n) {
    double[][] column = new double[n][1];
    for (int i = 0; i + 1 < n; i++) {
      column[i][0] = 1;
    }
    return column;
  }
}
