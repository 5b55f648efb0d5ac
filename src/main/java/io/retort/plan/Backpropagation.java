package io.retort.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;

/**
 * Reverse-mode differentiation of a graph, each operation by {@link GradientRules}. SameDiff's
 * {@code createGradFunction} walks the same way, but on a copy of the graph, from a scalar loss
 * only, and with a line on standard output for every operation.
 */
public final class Backpropagation {

  private Backpropagation() {}

  /**
   * Adds the operations that compute gradients to the graph.
   *
   * @param output the variable whose gradient is known
   * @param slope that gradient, of the same shape
   * @return the gradient of everything that {@code output} depends on, by variable name
   */
  public static Map<String, SDVariable> from(SDVariable output, SDVariable slope) {
    return from(output.getSameDiff(), Map.of(output.name(), slope), GradientRules::differentiate);
  }

  /** How an operation of one output is differentiated. */
  public interface OneOutput {

    /**
     * @return gradients of {@code in}; null for those that have none
     */
    List<@Nullable SDVariable> apply(DifferentialFunction op, SDVariable[] in, SDVariable slope);
  }

  /** By the rule of its name, or as SameDiff does it where there is none. */
  public static List<@Nullable SDVariable> byName(
      Map<String, OneOutput> rules, DifferentialFunction op, List<SDVariable> slopes) {
    OneOutput rule = rules.get(op.opName());
    return rule == null ? op.doDiff(slopes) : rule.apply(op, op.args(), slopes.get(0));
  }

  /** How one operation is differentiated. */
  public interface Rule {

    /**
     * @param slopes gradients of the operation's outputs
     * @return gradients of its inputs; null for those that have none
     */
    List<@Nullable SDVariable> differentiate(DifferentialFunction op, List<SDVariable> slopes);
  }

  /**
   * The same from several variables at once, whose gradients add up.
   *
   * @param slopes the known gradients, by variable name; a variable may also be one of those that
   *     another one depends on
   */
  public static Map<String, SDVariable> from(
      SameDiff graph, Map<String, SDVariable> slopes, Rule rule) {
    // an operation only reads what stood there before it, so their order is one of dependency
    List<SameDiffOp> backwards = new ArrayList<>(graph.getOps().values());
    Collections.reverse(backwards);
    Map<String, SDVariable> gradients = new HashMap<>(slopes);
    for (SameDiffOp op : backwards) {
      List<SDVariable> known = op.getOutputsOfOp().stream().map(gradients::get).toList();
      if (known.stream().allMatch(Objects::nonNull)) {
        accumulate(gradients, op.getInputsToOp(), rule.differentiate(op.getOp(), known));
      }
    }
    return gradients;
  }

  private static void accumulate(
      Map<String, SDVariable> gradients, List<String> inputs, List<@Nullable SDVariable> found) {
    for (int i = 0; i < found.size(); i++) {
      SDVariable gradient = found.get(i);
      if (gradient != null) {
        gradients.merge(inputs.get(i), gradient, SDVariable::add);
      }
    }
  }
}
