package io.retort.plan;

import static java.util.Map.entry;

import io.retort.plan.Backpropagation.OneOutput;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.ops.impl.layers.convolution.BatchNorm;

/**
 * Gradients that are built otherwise than SameDiff builds them, because it builds none, or slower
 * ones; where it builds one, the numbers are the same. They hold for operations as {@link
 * NetworkGraph} uses them: the second operand of a sum, a difference or an elementwise product has
 * the shape of the first, or has no gradient, or is the bias of a linear layer.
 */
public final class GradientRules {

  private static final Map<String, OneOutput> RULES =
      Map.ofEntries(
          entry("relu", GradientRules::relu),
          entry("matmul", GradientRules::product),
          entry("add", GradientRules::sum),
          entry("subtract", GradientRules::difference),
          entry("multiply", GradientRules::elementwiseProduct),
          entry("batchnorm", GradientRules::batchNorm));

  private GradientRules() {}

  public static List<@Nullable SDVariable> differentiate(
      DifferentialFunction op, List<SDVariable> slopes) {
    return Backpropagation.byName(RULES, op, slopes);
  }

  private static boolean learnsNothing(SDVariable variable) {
    return variable.getVariableType() == VariableType.CONSTANT
        || variable.getVariableType() == VariableType.PLACEHOLDER;
  }

  /** From the output, whose sign is the input's; {@code thresholdedrelu_bp} is ten times slower. */
  private static List<@Nullable SDVariable> relu(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    return List.of(new ReluBackward(op.outputVariable(), slope).outputVariable());
  }

  /** Two products instead of one {@code matmul_bp}, so that one nobody needs is not computed. */
  private static List<@Nullable SDVariable> product(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    SameDiff sd = slope.getSameDiff();
    return List.of(
        sd.mmul(slope, in[1], false, true, false), sd.mmul(in[0], slope, true, false, false));
  }

  /** The second operand may be a bias, [columns], added to every row. */
  private static List<@Nullable SDVariable> sum(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    if (in[1].getVariableType() == VariableType.VARIABLE) {
      return List.of(slope, slope.sum(0));
    }
    return Arrays.asList(slope, learnsNothing(in[1]) ? null : slope);
  }

  private static List<@Nullable SDVariable> difference(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    return Arrays.asList(slope, learnsNothing(in[1]) ? null : slope.neg());
  }

  private static List<@Nullable SDVariable> elementwiseProduct(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    return Arrays.asList(slope.mul(in[1]), learnsNothing(in[1]) ? null : slope.mul(in[0]));
  }

  /**
   * {@code BatchNorm.doDiff} throws. The native gradient of the images includes their influence on
   * mean and variance, which therefore have none of their own.
   */
  private static List<@Nullable SDVariable> batchNorm(
      DifferentialFunction op, SDVariable[] in, SDVariable slope) {
    SDVariable[] out = new BatchNormBackward((BatchNorm) op, in, slope).outputVariables();
    return Arrays.asList(out[0], null, null, out[3], out[4]);
  }
}
