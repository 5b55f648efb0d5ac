package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Neuron selectivity transfer (Huang and Wang, 2017): channels brought to length 1 over the
 * positions, k(a, b) = (a . b)^2, and the mean of k(t, t) plus that of k(s, s) minus twice that of
 * k(s, t), summed over the pairs.
 *
 * <p>The sum over channels of (a_i . b_j)^2 is that over positions of (A^T A) (B^T B), so where
 * there are fewer positions than channels the loss is taken as the mean over rows of |S^T S / C_s -
 * T^T T / C_t|^2, which is the same.
 */
final class NeuronSelectivity implements Term {

  @Override
  public SDVariable loss(TermGraph g, List<Feature> student, List<Feature> teacher) {
    return Pairs.sum(
        student,
        teacher,
        (s, t) -> {
          double ours = s.channels();
          double theirs = t.channels();
          double pairs = ours * ours + theirs * theirs + ours * theirs;
          return s.positions() * (ours + theirs) < pairs
              ? byPositions(g, s, t)
              : byChannels(g, s, t);
        });
  }

  private static SDVariable byPositions(TermGraph g, Feature s, Feature t) {
    SDVariable difference = share(g, s).sub(share(g, t));
    return g.sum(difference.mul(difference)).mul(g.number(1.0 / g.batch(), 2));
  }

  /** [batch, positions, positions]. */
  private static SDVariable share(TermGraph g, Feature f) {
    SDVariable channels = g.normalised(f.positionsFirst(), 1, 3);
    return g.stackedMutualProducts(channels).mul(g.number(1.0 / f.channels(), 3));
  }

  private static SDVariable byChannels(TermGraph g, Feature s, Feature t) {
    SDVariable a = g.normalised(s.maps(), 2, 3);
    SDVariable b = g.normalised(t.maps(), 2, 3);
    SDVariable across = mean(g, g.graph().mmul(a, b, false, true, false));
    return mean(g, g.stackedMutualProducts(b))
        .add(mean(g, g.stackedMutualProducts(a)))
        .sub(across.add(across));
  }

  /** Of k, the squared products. */
  private static SDVariable mean(TermGraph g, SDVariable products) {
    return g.mean(products.mul(products));
  }
}
