package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Contrastive representation distillation (Tian, Krishnan and Isola, 2020): trained embeddings v of
 * length 1 on both sides, each compared with what the other side is remembered to have given, m.
 * With x = exp(&lt;m, v&gt; / temperature) / Z, n rows, K negatives of other classes a row and c =
 * K / n + 1e-7, a side's loss is
 *
 * <pre>-(sum over rows of log x / (x + c) + sum over negatives of log (K / n) / (x + c)) / B</pre>
 *
 * which stays the same when x and c are divided by K / n, as they are here. Instead of K rows for
 * each row of the batch, [batch, K, width], the graph holds one product with every candidate,
 * [batch, candidates], and how often each was drawn: rows are drawn by many others, and a product
 * of matrices costs less than what it takes to collect them. {@link ContrastMemory} sets what is
 * given.
 *
 * @param width of the embeddings
 * @param negatives K
 */
record Contrast(double temperature, int width, int negatives) implements Term {

  private static final double EPSILON = 1e-7;

  @Override
  public SDVariable loss(TermGraph g, List<Feature> student, List<Feature> teacher) {
    SDVariable s = embedded(g, student.get(0));
    SDVariable t = embedded(g, teacher.get(0));
    g.show(ContrastMemory.STUDENT, s);
    g.show(ContrastMemory.TEACHER, t);
    int candidates = Negatives.candidates(g.batch(), g.rows(), negatives);
    SDVariable drawn = g.given(ContrastMemory.DRAWN, g.batch(), candidates);
    return side(g, s, ContrastMemory.TEACHER, drawn, candidates)
        .add(side(g, t, ContrastMemory.STUDENT, drawn, candidates))
        .mul(g.number(1.0 / g.batch(), 2));
  }

  private SDVariable embedded(TermGraph g, Feature feature) {
    return g.normalised(g.linear(feature.pooled(), feature.channels(), width), 1, 2);
  }

  private SDVariable side(
      TermGraph g, SDVariable v, String other, SDVariable drawn, int candidates) {
    SDVariable scale = g.given(other + RememberedRows.SCALE, 1, 1);
    SDVariable own = g.given(other + RememberedRows.OWN, g.batch(), width);
    SDVariable all = g.given(other + RememberedRows.CANDIDATES, candidates, width);
    SDVariable c = g.number(1 + EPSILON * g.rows() / negatives, 2);
    SDVariable sharp = v.mul(g.number(1 / temperature, 2));
    SDVariable positive = g.graph().math.exp(sharp.mul(own).sum(true, 1)).mul(scale);
    SDVariable negative = g.graph().math.exp(g.graph().mmul(sharp, all, false, true, false));
    SDVariable pushed = g.graph().math.log(negative.mul(scale).add(c)).mul(drawn);
    SDVariable pulled = log(g, positive.add(c)).sub(log(g, positive));
    return g.sum(pushed).add(g.sum(pulled));
  }

  private static SDVariable log(TermGraph g, SDVariable x) {
    return g.graph().math.log(x);
  }
}
