package io.retort.training;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;

/**
 * Gradients that are built otherwise than SameDiff builds them, because that is faster; the numbers
 * are the same. They hold for operations as {@link NetworkGraph} uses them.
 */
final class GradientRules {

  private static final Map<Class<? extends DifferentialFunction>, Rule> RULES =
      Map.of(RectifiedLinear.class, GradientRules::relu, Mmul.class, GradientRules::product);

  private GradientRules() {}

  /** Gradients of an operation's inputs from that of its one output. */
  interface Rule {
    List<SDVariable> apply(SDVariable[] inputs, SDVariable output, SDVariable slope);
  }

  static List<SDVariable> differentiate(DifferentialFunction op, List<SDVariable> slopes) {
    Rule rule = RULES.get(op.getClass());
    return rule == null
        ? op.doDiff(slopes)
        : rule.apply(op.args(), op.outputVariable(), slopes.get(0));
  }

  /** The sign of the output is 0 or 1; {@code thresholdedrelu_bp} takes ten times as long. */
  private static List<SDVariable> relu(SDVariable[] in, SDVariable out, SDVariable slope) {
    SameDiff sd = out.getSameDiff();
    return List.of(slope.mul(sd.math.sign(out)));
  }

  /** Two products instead of one {@code matmul_bp}, so that one nobody needs is not computed. */
  private static List<SDVariable> product(SDVariable[] in, SDVariable out, SDVariable slope) {
    SameDiff sd = out.getSameDiff();
    return Arrays.asList(
        sd.mmul(slope, in[1], false, true, false), sd.mmul(in[0], slope, true, false, false));
  }
}
