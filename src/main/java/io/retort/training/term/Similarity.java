package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Similarity-preserving distillation (Tung and Mori, 2019): with G = F F^T, rows brought to length
 * 1, the sum of (G_s - G_t)^2 / B^2.
 */
final class Similarity implements Term {

  @Override
  public SDVariable loss(TermGraph g, List<Feature> student, List<Feature> teacher) {
    SDVariable s = g.normalised(g.products(student.get(0).rows()), 1, 2);
    SDVariable t = g.normalised(g.products(teacher.get(0).rows()), 1, 2);
    SDVariable difference = s.sub(t);
    return g.mean(difference.mul(difference));
  }
}
