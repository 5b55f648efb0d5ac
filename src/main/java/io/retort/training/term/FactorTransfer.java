package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Factor transfer (Kim, Park and Kwak, 2018): a paraphraser brings the teacher's channels down to
 * factors from which it can restore them, a translator brings the student's to as many, and the
 * loss is the mean absolute difference of the two factors' attention. Both are 1x1 convolutions.
 * The paraphraser is trained along with the student, by the squared error of what it restores,
 * which is part of the loss; it learns nothing from the student.
 *
 * @param rate factors as a share of the teacher's channels
 */
record FactorTransfer(double rate) implements Term {

  @Override
  public SDVariable loss(TermGraph g, List<Feature> student, List<Feature> teacher) {
    List<Feature> pair = Feature.alike(student.get(0), teacher.get(0));
    Feature s = pair.get(0);
    Feature t = pair.get(1);
    int factors = Math.max(1, (int) Math.round(rate * t.channels()));
    SDVariable paraphrased = g.linear(t.pixels(), t.channels(), factors);
    SDVariable lost = g.linear(paraphrased, factors, t.channels()).sub(t.pixels());
    SDVariable translated = g.linear(s.pixels(), s.channels(), factors);
    return difference(g, maps(g, translated, t, factors), maps(g, g.stop(paraphrased), t, factors))
        .add(g.mean(lost.mul(lost)));
  }

  private static SDVariable maps(TermGraph g, SDVariable pixels, Feature like, int channels) {
    return g.graph().permute(pixels.reshape(g.batch(), like.positions(), channels), 0, 2, 1);
  }

  /** Of factors [batch, channels, positions]. */
  static SDVariable difference(TermGraph g, SDVariable s, SDVariable t) {
    SDVariable difference =
        AttentionTransfer.attention(g, s).sub(AttentionTransfer.attention(g, t));
    return g.mean(g.graph().math.abs(difference));
  }
}
