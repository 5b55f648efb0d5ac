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
    return congruence(g, embedded(g, student.get(0)), embedded(g, teacher.get(0)));
  }

  private SDVariable embedded(TermGraph g, Feature feature) {
    return g.linear(feature.pooled(), feature.channels(), width);
  }

  static SDVariable congruence(TermGraph g, SDVariable s, SDVariable t) {
    SDVariable d = g.graph().math.abs(s.sub(t));
    SDVariable next = g.matrix(nextRow(g.batch())).mmul(d);
    return g.sum(d.mul(next)).mul(g.number(1.0 / (g.batch() - 1), 2));
  }

  private static double[][] nextRow(int n) {
    double[][] shift = new double[n][n];
    for (int i = 0; i + 1 < n; i++) {
      shift[i][i + 1] = 1;
    }
    return shift;
  }
}
