package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Neuron selectivity transfer (Huang and Wang, 2017): channels brought to length 1 over the
 * positions, k(a, b) = (a . b)^2, and the mean of k(t, t) plus that of k(s, s) minus twice that of
 * k(s, t), summed over the pairs.
 */
final class NeuronSelectivity implements Term {

  @Override
  public SDVariable loss(TermGraph g, List<Feature> student, List<Feature> teacher) {
    return Pairs.sum(
        student,
        teacher,
        (s, t) -> {
          SDVariable a = g.normalised(s.maps(), 2, 3);
          SDVariable b = g.normalised(t.maps(), 2, 3);
          SDVariable across = mean(g, g.graph().mmul(a, b, false, true, false));
          return mean(g, g.stackedProducts(b))
              .add(mean(g, g.stackedProducts(a)))
              .sub(across.add(across));
        });
  }

  /** Of k, the squared products. */
  private static SDVariable mean(TermGraph g, SDVariable products) {
    return g.mean(products.mul(products));
  }
}
