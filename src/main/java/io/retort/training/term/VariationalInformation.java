package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Variational information distillation (Ahn et al., 2019): the mean of ((mu(f_s) - f_t)^2 / v + log
 * v) / 2, summed over the pairs. mu is three trained 1x1 convolutions with ReLU between them; v =
 * softplus + 1e-5 is a trained variance for each channel of the teacher, 5 at first; so squares are
 * averaged channel by channel before they are divided.
 */
final class VariationalInformation implements Term {

  private static final double FIRST_VARIANCE = 5;
  private static final double LEAST_VARIANCE = 1e-5;

  @Override
  public SDVariable loss(TermGraph g, List<Feature> student, List<Feature> teacher) {
    return Pairs.sum(
        student,
        teacher,
        (s, t) -> {
          int width = t.channels();
          SDVariable hidden = g.relu(g.linear(s.pixels(), s.channels(), width));
          hidden = g.relu(g.linear(hidden, width, width));
          return information(g, g.linear(hidden, width, width), t.pixels(), width);
        });
  }

  static SDVariable information(TermGraph g, SDVariable mean, SDVariable target, int width) {
    double start = Math.log(Math.expm1(FIRST_VARIANCE - LEAST_VARIANCE));
    SDVariable variance =
        g.graph()
            .nn
            .softplus(g.zeros(1, width).add(g.number(start, 2)))
            .add(g.number(LEAST_VARIANCE, 2));
    SDVariable difference = mean.sub(target);
    SDVariable fit = difference.mul(difference).mean(true, 0).div(variance);
    return g.mean(fit.add(g.graph().math.log(variance))).mul(g.number(0.5, 2));
  }
}
