package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Probabilistic knowledge transfer (Passalis and Tefas, 2018): S = (cosine + 1) / 2 between rows, P
 * its rows brought to sum 1, and the mean over B^2 of P_t log((P_t + e) / (P_s + e)). Unmoved by
 * the scale of either side.
 */
final class Pkt implements Term {

  private static final double EPSILON = 1e-7;

  @Override
  public SDVariable loss(TermGraph g, List<Feature> student, List<Feature> teacher) {
    SDVariable e = g.number(EPSILON, 2);
    SDVariable s = probabilities(g, student.get(0).pooled()).add(e);
    SDVariable t = probabilities(g, teacher.get(0).pooled());
    // not of the quotient: the teacher's is computed ahead, and the student's has a short gradient
    SDVariable ratio = g.graph().math.log(t.add(e)).sub(g.graph().math.log(s));
    return g.mean(t.mul(ratio));
  }

  private static SDVariable probabilities(TermGraph g, SDVariable rows) {
    SDVariable cosines = g.products(g.directed(rows, 1, 2, EPSILON));
    SDVariable half = g.number(0.5, 2);
    SDVariable similar = cosines.mul(half).add(half);
    return similar.div(similar.sum(true, 1));
  }
}
