package io.retort.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BaseOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The operations of a graph in dependency order, each with its arrays bound, ready to be replayed:
 * no graph walk, no shape calculation and no allocation per run. Shapes are those of the arrays
 * that were bound when it was captured.
 */
final class CapturedPlan implements AutoCloseable {

  private record Step(DifferentialFunction function, OpContext context) {}

  private final OpExecutioner executioner = Nd4j.getExecutioner();
  private final NativeMemory memory = new NativeMemory();
  private final Map<String, INDArray> arrays;
  private final List<Step> steps = new ArrayList<>();

  private CapturedPlan(Map<String, INDArray> bound) {
    this.arrays = new HashMap<>(bound);
  }

  /**
   * Captures what is needed to compute some variables.
   *
   * @param bound arrays of placeholders, parameters and of any output that must land in an array of
   *     the caller's; an operation all of whose needed outputs are among {@code given} is left out
   * @param given names in {@code bound} that are inputs here, even where an operation computes them
   * @param wanted variables to compute
   */
  static CapturedPlan capture(
      SameDiff graph, Map<String, INDArray> bound, Set<String> given, Set<String> wanted) {
    CapturedPlan plan = new CapturedPlan(bound);
    try {
      plan.bindConstants(graph, bound);
      List<SameDiffOp> ops = needed(graph, given, wanted);
      Set<String> ready = new HashSet<>(given);
      graph.variables().stream()
          .filter(v -> v.getVariableType() != VariableType.ARRAY)
          .forEach(v -> ready.add(v.name()));
      while (!ops.isEmpty()) {
        if (!plan.captureReady(ops, ready)) {
          throw new IllegalStateException("operations without inputs: " + ops);
        }
      }
      return plan;
    } catch (RuntimeException | Error e) {
      plan.close();
      throw e;
    }
  }

  private void bindConstants(SameDiff graph, Map<String, INDArray> bound) {
    for (SDVariable v : graph.variables()) {
      if (v.getVariableType() == VariableType.CONSTANT && !bound.containsKey(v.name())) {
        arrays.put(v.name(), v.getArr());
      }
    }
  }

  /** The operations behind the wanted variables, found from the end. */
  private static List<SameDiffOp> needed(SameDiff graph, Set<String> given, Set<String> wanted) {
    Map<String, SameDiffOp> producers = new HashMap<>();
    for (SameDiffOp op : graph.getOps().values()) {
      op.getOutputsOfOp().forEach(out -> producers.put(out, op));
    }
    Set<SameDiffOp> found = new HashSet<>();
    List<String> open = new ArrayList<>(wanted);
    while (!open.isEmpty()) {
      String name = open.remove(open.size() - 1);
      SameDiffOp op = given.contains(name) ? null : producers.get(name);
      if (op != null && found.add(op) && op.getInputsToOp() != null) {
        open.addAll(op.getInputsToOp());
      }
    }
    List<SameDiffOp> inOrder = new ArrayList<>(graph.getOps().values());
    inOrder.removeIf(op -> !found.contains(op));
    return inOrder;
  }

  private boolean captureReady(List<SameDiffOp> ops, Set<String> ready) {
    boolean any = false;
    for (Iterator<SameDiffOp> it = ops.iterator(); it.hasNext(); ) {
      SameDiffOp op = it.next();
      List<String> inputs = op.getInputsToOp() == null ? List.of() : op.getInputsToOp();
      if (ready.containsAll(inputs)) {
        capture(op, inputs);
        ready.addAll(op.getOutputsOfOp());
        it.remove();
        any = true;
      }
    }
    return any;
  }

  private void capture(SameDiffOp op, List<String> inputs) {
    OpContext context = memory.own(executioner.buildContext());
    List<INDArray> in = inputs.stream().map(this::array).toList();
    DifferentialFunction function = op.getOp();
    if (function instanceof DynamicCustomOp custom) {
      context.setIArguments(custom.iArgs());
      context.setTArguments(custom.tArgs());
      context.setBArguments(custom.bArgs());
      context.setDArguments(custom.dArgs());
      for (int i = 0; i < in.size(); i++) {
        context.setInputArray(i, in.get(i));
      }
      bindOutputs(op, context, custom.calculateOutputShape(context));
    } else {
      captureLegacy(op, (BaseOp) function, context, in);
    }
    Step step = new Step(function, context);
    execute(step); // shape operations are read while later ones are planned
    steps.add(step);
  }

  /** Operations of the older kind hold their arrays themselves. */
  private void captureLegacy(SameDiffOp op, BaseOp function, OpContext context, List<INDArray> in) {
    function.setX(in.get(0));
    context.setInputArray(0, in.get(0));
    if (in.size() > 1 && !(function instanceof ReduceOp)) {
      function.setY(in.get(1));
      context.setInputArray(1, in.get(1));
    }
    bindOutputs(op, context, function.calculateOutputShape(context));
    function.setZ(context.getOutputArray(0));
  }

  private void bindOutputs(SameDiffOp op, OpContext context, List<LongShapeDescriptor> shapes) {
    List<String> outputs = op.getOutputsOfOp();
    for (int i = 0; i < Math.min(outputs.size(), shapes.size()); i++) {
      LongShapeDescriptor shape = shapes.get(i);
      INDArray out =
          arrays.computeIfAbsent(outputs.get(i), name -> memory.own(Nd4j.create(shape, false)));
      context.setOutputArray(i, out);
    }
  }

  /** Runs all operations once, on whatever the bound arrays hold now. */
  void replay() {
    for (Step step : steps) {
      execute(step);
    }
  }

  private void execute(Step step) {
    if (step.function instanceof DynamicCustomOp custom) {
      executioner.exec(custom, step.context);
    } else {
      executioner.exec((Op) step.function, step.context);
    }
  }

  /** Every array that the plan reads or fills, by variable. */
  Map<String, INDArray> arrays() {
    return Collections.unmodifiableMap(arrays);
  }

  /** The array behind a variable of the graph. */
  INDArray array(String name) {
    INDArray array = arrays.get(name);
    if (array == null) {
      throw new IllegalArgumentException("the plan does not compute " + name);
    }
    return array;
  }

  @Override
  public void close() {
    memory.close();
  }
}
