package io.retort.training.term;

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** Gradients of the operations that terms are made of, where SameDiff's own are not to be had. */
public final class TermRules {

  private static final Map<String, Rule> RULES =
      Map.ofEntries(
          entry("identity", (op, in, slope) -> noGradient()),
          entry("sign", (op, in, slope) -> noGradient()),
          entry("matmul", TermRules::product),
          entry("sqrt", TermRules::root),
          entry("log", (op, in, slope) -> List.of(slope.div(in[0]))),
          entry("exp", (op, in, slope) -> List.of(slope.mul(op.outputVariable()))),
          entry("Reciprocal", TermRules::reciprocal),
          entry("softplus", TermRules::softplus),
          entry("abs", TermRules::magnitude));

  private TermRules() {}

  private interface Rule {
    List<@Nullable SDVariable> apply(DifferentialFunction op, SDVariable[] in, SDVariable slope);
  }

  /** As {@code Backpropagation} wants it. */
  public static List<@Nullable SDVariable> differentiate(
      DifferentialFunction op, List<SDVariable> slopes) {
    Rule rule = RULES.get(op.opName());
    return rule == null ? op.doDiff(slopes) : rule.apply(op, op.args(), slopes.get(0));
  }

  private static List<@Nullable SDVariable> noGradient() {
    return Arrays.asList((SDVariable) null);
  }

  /** Of matrices or stacks of them, either transposed or not. */
  private static List<@Nullable SDVariable> product(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    SameDiff sd = slope.getSameDiff();
    long[] flags = ((DynamicCustomOp) op).iArgs();
    boolean ta = flags[0] == 1;
    boolean tb = flags[1] == 1;
    SDVariable a =
        ta ? sd.mmul(in[1], slope, tb, true, false) : sd.mmul(slope, in[1], false, !tb, false);
    SDVariable b =
        tb ? sd.mmul(slope, in[0], true, ta, false) : sd.mmul(in[0], slope, !ta, false, false);
    return List.of(a, b);
  }

  private static List<@Nullable SDVariable> root(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    SDVariable root = op.outputVariable();
    return List.of(slope.div(root.add(root)));
  }

  private static List<@Nullable SDVariable> reciprocal(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    SDVariable inverse = op.outputVariable();
    return List.of(slope.mul(inverse.mul(inverse)).neg());
  }

  private static List<@Nullable SDVariable> softplus(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    return List.of(slope.mul(slope.getSameDiff().nn.sigmoid(in[0])));
  }

  private static List<@Nullable SDVariable> magnitude(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    return List.of(slope.mul(slope.getSameDiff().math.sign(in[0])));
  }
}
