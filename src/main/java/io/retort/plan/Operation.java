package io.retort.plan;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;

/**
 * One operation of a graph, or one and the bias and ReLU behind it.
 *
 * @param inputs names of the variables that it reads, the bias last
 * @param outputs names of the variables that it computes
 * @param bias whether a row of parameters is added to the product that the function computes
 * @param relu whether a ReLU comes last; for a gradient, whether it is that of both
 */
record Operation(
    DifferentialFunction function,
    List<String> inputs,
    List<String> outputs,
    boolean bias,
    boolean relu)
    implements PlanStep {

  static Operation of(SameDiffOp op) {
    return new Operation(
        op.getOp(),
        op.getInputsToOp() == null ? List.of() : op.getInputsToOp(),
        op.getOutputsOfOp(),
        false,
        false);
  }

  String name() {
    return function.opName();
  }

  /** The inputs of the function itself. */
  int ownInputs() {
    return bias ? inputs.size() - 1 : inputs.size();
  }

  Operation withBias(Operation sum) {
    List<String> all = new ArrayList<>(inputs);
    all.add(sum.inputs.get(1));
    return new Operation(function, List.copyOf(all), sum.outputs, true, false);
  }

  Operation withRelu(Operation relu) {
    return new Operation(function, inputs, relu.outputs, bias, true);
  }

  /** The gradient of an operation that has taken a ReLU along, from the slope behind that. */
  Operation withSlope(String slope) {
    List<String> all = new ArrayList<>(inputs);
    all.set(all.size() - 1, slope);
    return new Operation(function, List.copyOf(all), outputs, false, true);
  }
}
