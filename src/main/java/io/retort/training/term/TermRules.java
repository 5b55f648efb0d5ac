package io.retort.training.term;

import static java.util.Map.entry;

import io.retort.plan.Backpropagation;
import io.retort.plan.Backpropagation.OneOutput;
import io.retort.plan.ReluBackward;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.custom.Roll;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.bp.MulBpOp;

/** Gradients of the operations that terms are made of, where SameDiff's own are not to be had. */
public final class TermRules {

  private static final Map<String, OneOutput> RULES =
      Map.ofEntries(
          entry("identity", (op, in, slope) -> noGradient()),
          entry("sign", (op, in, slope) -> noGradient()),
          entry("add", TermRules::shift),
          entry("subtract", TermRules::shift),
          entry("multiply", TermRules::elementwiseProduct),
          entry("matmul", TermRules::product),
          entry("divide", TermRules::quotient),
          entry("maximum", TermRules::atLeast),
          // from the output, as what lies before it need not be kept then
          entry("relu", (op, in, slope) -> List.of(throughPositive(op.outputVariable(), slope))),
          entry("sqrt", TermRules::root),
          entry("log", (op, in, slope) -> List.of(slope.div(in[0]))),
          entry("exp", (op, in, slope) -> List.of(slope.mul(op.outputVariable()))),
          entry("Reciprocal", TermRules::reciprocal),
          entry("softplus", TermRules::softplus),
          entry("roll", TermRules::rolledBack),
          entry(AngleLoss.NAME, (op, in, slope) -> only(((AngleLoss) op).gradient(slope))),
          entry(
              MixedPositions.NAME,
              (op, in, slope) -> Arrays.asList(null, ((MixedPositions) op).gradient(slope))),
          entry("abs", TermRules::magnitude));

  private TermRules() {}

  /** As {@code Backpropagation} wants it. */
  public static List<@Nullable SDVariable> differentiate(
      DifferentialFunction op, List<SDVariable> slopes) {
    return Backpropagation.byName(RULES, op, slopes);
  }

  private static List<@Nullable SDVariable> noGradient() {
    return Arrays.asList((SDVariable) null);
  }

  private static boolean isConstant(SDVariable variable) {
    return variable.getVariableType() == VariableType.CONSTANT;
  }

  private static List<@Nullable SDVariable> only(SDVariable first) {
    return Arrays.asList(first, null);
  }

  private static List<@Nullable SDVariable> shift(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    return isConstant(in[1]) ? only(slope) : op.doDiff(List.of(slope));
  }

  /**
   * By a constant, or of a tensor with itself, which need no sums over broadcast sides: those are
   * most of what {@code multiply_bp} costs. Constants are never larger than what they multiply.
   */
  private static List<@Nullable SDVariable> elementwiseProduct(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    if (isConstant(in[1])) {
      return only(slope.mul(in[1]));
    }
    if (in[0].name().equals(in[1].name())) {
      SDVariable half = slope.mul(in[0]);
      return only(half.add(half)); // which becomes a factor of whatever is smallest
    }
    return op.doDiff(List.of(slope));
  }

  /** Of matrices or stacks of them, either transposed or not. */
  private static List<@Nullable SDVariable> product(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    if (op instanceof SelfProducts self) {
      return only(self.gradient(slope));
    }
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

  /** Of a tensor by one that may be repeated: that one's gradient is -sum(slope * a / b) / b. */
  private static List<@Nullable SDVariable> quotient(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    SDVariable first = slope.div(in[1]);
    if (isConstant(in[1])) {
      return only(first);
    }
    SDVariable sums =
        new MulBpOp(slope.getSameDiff(), op.outputVariable(), in[1], slope).outputVariables()[1];
    return List.of(first, sums.div(in[1]).neg());
  }

  /** Of the larger of a tensor and a constant. */
  private static List<@Nullable SDVariable> atLeast(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    return only(throughPositive(in[0].sub(in[1]), slope));
  }

  private static SDVariable throughPositive(SDVariable x, SDVariable slope) {
    return new ReluBackward(x, slope).outputVariable();
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

  private static List<@Nullable SDVariable> rolledBack(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    int places = (int) ((DynamicCustomOp) op).iArgs()[0];
    return List.of(new Roll(slope.getSameDiff(), slope, -places).outputVariable());
  }

  private static List<@Nullable SDVariable> magnitude(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    return List.of(slope.mul(slope.getSameDiff().math.sign(in[0])));
  }
}
