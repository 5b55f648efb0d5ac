package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Attention transfer (Zagoruyko and Komodakis, 2017): with m the mean over channels of f^2, brought
 * to length 1, the mean over rows and positions of (m_s - m_t)^2, summed over the pairs. The larger
 * map is averaged down to the smaller one.
 */
final class AttentionTransfer implements Term {

  @Override
  public SDVariable loss(TermGraph g, List<Feature> student, List<Feature> teacher) {
    return Pairs.sum(
        student,
        teacher,
        (s, t) -> {
          SDVariable difference = attention(g, s.maps()).sub(attention(g, t.maps()));
          return g.mean(difference.mul(difference));
        });
  }

  /** [batch, 1, positions]. */
  static SDVariable attention(TermGraph g, SDVariable maps) {
    return g.normalised(maps.mul(maps).mean(true, 1), 2, 3);
  }
}
