package io.retort.plan;

import io.retort.kernel.Kernel;
import io.retort.kernel.OneDnn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;

/**
 * The operations of a graph in dependency order, each with its arrays bound, ready to be replayed:
 * no graph walk, no shape calculation and no allocation per run. Shapes are those of the arrays
 * that were bound when it was captured. Arrays that are not alive at the same time share memory.
 */
public final class CapturedPlan implements AutoCloseable {

  private static final Kernel NOTHING = () -> {};

  private final NativeMemory memory = new NativeMemory();
  private final ArrayPool pool = memory.own(new ArrayPool());
  private final @Nullable OneDnn dnn;
  private final OperationOrder order;
  private final boolean fused;
  private final Map<String, INDArray> arrays;
  private final Map<String, Object> notes = new HashMap<>();
  private final Map<String, Integer> readsLeft = new HashMap<>();
  private final List<Kernel> phases = new ArrayList<>();
  private final List<String> leftToNd4j = new ArrayList<>();
  private int kernels;

  private CapturedPlan(
      OperationOrder order, Map<String, INDArray> bound, boolean rewrite, boolean fused) {
    this.order = order;
    this.fused = fused;
    this.arrays = new HashMap<>(bound);
    this.dnn = rewrite ? memory.own(new OneDnn()) : null;
  }

  /**
   * Captures what is needed to compute some variables.
   *
   * @param bound arrays of placeholders, parameters and of any output that must land in an array of
   *     the caller's
   * @param given names in {@code bound} that are inputs here, even where an operation computes them
   * @param phases variables to compute in each phase; a phase may read what earlier ones computed
   * @param rewrite whether {@link RewriteRules} apply; FLOAT on a CPU only
   */
  public static CapturedPlan capture(
      SameDiff graph,
      Map<String, INDArray> bound,
      Set<String> given,
      List<Set<String>> phases,
      boolean rewrite) {
    OperationOrder order = new OperationOrder(graph, given, phases);
    CapturedPlan plan = new CapturedPlan(order, bound, rewrite, false);
    try {
      plan.bindConstants(graph);
      List<List<Operation>> operations = new ArrayList<>();
      for (int phase = 0; phase < phases.size(); phase++) {
        operations.add(rewrite ? order.fused(phase) : order.unfused(phase));
      }
      operations.forEach(plan::countReads);
      operations.forEach(phase -> plan.phases.add(plan.capture(phase)));
      return plan;
    } catch (RuntimeException | Error e) {
      plan.close();
      throw e;
    }
  }

  /**
   * The same for one phase, with everything elementwise in few passes over memory ({@link Fusion}).
   *
   * @param numbers constants of one number, which never change; others may
   */
  public static CapturedPlan captureFused(
      SameDiff graph,
      Map<String, INDArray> bound,
      Set<String> given,
      Set<String> wanted,
      Map<String, Double> numbers) {
    OperationOrder order = new OperationOrder(graph, given, List.of(wanted));
    CapturedPlan plan = new CapturedPlan(order, bound, true, true);
    try {
      plan.bindConstants(graph);
      Set<String> ready = new HashSet<>(plan.arrays.keySet());
      ready.removeIf(name -> bound.containsKey(name) && !given.contains(name));
      List<Operation> operations = order.unfused(0);
      Map<String, long[]> shapes = ShapeCalculation.of(operations, plan.arrays);
      Fusion fusion = new Fusion(operations, shapes, numbers, ready, wanted);
      fusion.sameAsWanted().forEach((name, as) -> plan.bindAlike(name, as, fusion.shape(name)));
      List<PlanStep> steps = fusion.steps();
      plan.countReads(steps);
      plan.phases.add(plan.capture(steps, fusion));
      return plan;
    } catch (RuntimeException | Error e) {
      plan.close();
      throw e;
    }
  }

  private void bindConstants(SameDiff graph) {
    for (SDVariable v : graph.variables()) {
      if (v.getVariableType() == VariableType.CONSTANT) {
        arrays.putIfAbsent(v.name(), v.getArr());
      }
    }
  }

  /** A variable that is nothing but a bound one in another shape. */
  private void bindAlike(String variable, String as, long[] shape) {
    INDArray array = arrays.get(as);
    if (array != null) {
      arrays.putIfAbsent(variable, array.reshape('c', shape));
    }
  }

  private void countReads(List<? extends PlanStep> steps) {
    steps.forEach(s -> s.inputs().forEach(input -> readsLeft.merge(input, 1, Integer::sum)));
  }

  private Kernel capture(List<Operation> operations) {
    return captureAll(operations, this::capture);
  }

  private Kernel capture(List<PlanStep> steps, Fusion fusion) {
    return captureAll(
        steps,
        step -> {
          if (step instanceof Operation operation) {
            return capture(operation);
          } else if (step instanceof PlanStep.View view) {
            return view(view.as(), view.of(), view.shape());
          }
          return capture((FusedOperations) step, fusion);
        });
  }

  private <S extends PlanStep> Kernel captureAll(List<S> steps, Function<S, Kernel> capture) {
    List<Kernel> kernels = new ArrayList<>();
    for (S step : steps) {
      Kernel kernel = capture.apply(step);
      kernel.run(); // later operations may take their shapes from these values
      if (kernel != NOTHING) {
        kernels.add(kernel);
      }
      step.inputs().forEach(this::read);
      step.outputs().stream().filter(out -> !isRead(out)).forEach(pool::release);
    }
    this.kernels += kernels.size();
    return Kernel.sequence(kernels);
  }

  private void read(String variable) {
    if (readsLeft.merge(variable, -1, Integer::sum) == 0 && !order.isWanted(variable)) {
      pool.release(variable);
    }
  }

  private boolean isRead(String variable) {
    return order.isWanted(variable) || readsLeft.getOrDefault(variable, 0) > 0;
  }

  private Kernel capture(FusedOperations fused, Fusion fusion) {
    for (String out : fused.outputs()) {
      if (!arrays.containsKey(out)) {
        arrays.put(out, pool.take(out, DataType.FLOAT, fusion.shape(out)));
      }
    }
    return fused.kernel(this::array);
  }

  private Kernel capture(Operation operation) {
    List<INDArray> in = operation.inputs().stream().map(this::array).toList();
    Nd4jKernel fallback = memory.own(new Nd4jKernel(operation, in));
    if (operation.name().equals("reshape") || operation.name().equals("identity")) {
      return view(
          operation.outputs().get(0),
          operation.inputs().get(0),
          fallback.outputShapes().get(0).getShape());
    }
    List<INDArray> out = outputs(operation, fallback.outputShapes());
    if (operation.name().equals("shape_of")) {
      fallback.bind(out);
      fallback.run(); // for the capture of those who read it; it never changes
      return NOTHING;
    }
    Kernel kernel =
        dnn == null
            ? null
            : RewriteRules.kernel(new Site(dnn, operation, order, in, out, fused, notes));
    if (kernel != null) {
      return kernel;
    }
    if (operation.relu() || operation.bias()) {
      throw new IllegalStateException("no rule for " + operation.name() + " with what follows it");
    }
    fallback.bind(out);
    leftToNd4j.add(operation.name());
    return fallback;
  }

  /**
   * The same numbers in the same order: another view, or a copy where the caller wants it
   * elsewhere.
   */
  private Kernel view(String out, String of, long[] shape) {
    INDArray in = array(of);
    INDArray bound = arrays.get(out);
    if (bound != null) {
      INDArray view = in.reshape('c', shape);
      return isSameMemory(view, bound) ? NOTHING : () -> bound.assign(view);
    }
    INDArray shared = pool.share(out, of, shape);
    arrays.put(out, shared != null ? shared : in.reshape('c', shape));
    return NOTHING;
  }

  private static boolean isSameMemory(INDArray a, INDArray b) {
    return a.data().addressPointer().address() == b.data().addressPointer().address();
  }

  private List<INDArray> outputs(Operation operation, List<LongShapeDescriptor> shapes) {
    List<INDArray> arraysOut = new ArrayList<>();
    for (int i = 0; i < Math.min(operation.outputs().size(), shapes.size()); i++) {
      String name = operation.outputs().get(i);
      LongShapeDescriptor shape = shapes.get(i);
      INDArray array = arrays.get(name);
      if (array == null && i == 0) {
        array = overwritten(operation, name, shape.getShape());
      }
      if (array == null) {
        array = pool.take(name, shape.dataType(), shape.getShape());
      }
      arrays.put(name, array);
      arraysOut.add(array);
    }
    return arraysOut;
  }

  /** The memory of an input that nobody reads after this operation. */
  private @Nullable INDArray overwritten(Operation operation, String output, long[] shape) {
    Integer index = dnn == null ? null : RewriteRules.OVERWRITE.get(operation.name());
    if (index == null) {
      return null;
    }
    String input = operation.inputs().get(index);
    boolean last = readsLeft.getOrDefault(input, 0) == 1 && !order.isWanted(input);
    return last && pool.isAlone(input) && java.util.Arrays.equals(array(input).shape(), shape)
        ? pool.share(output, input, shape)
        : null;
  }

  /** Runs the operations of a phase once, on whatever the bound arrays hold now. */
  public void replay(int phase) {
    phases.get(phase).run();
  }

  /** Every array that the plan reads or fills, by variable; some share memory. */
  public Map<String, INDArray> arrays() {
    return Collections.unmodifiableMap(arrays);
  }

  /** The array behind a variable that the plan was asked for, or that was bound. */
  public INDArray array(String name) {
    INDArray array = arrays.get(name);
    if (array == null) {
      throw new IllegalArgumentException("the plan does not compute " + name);
    }
    return array;
  }

  /** The operations that no rewrite rule took, by name. */
  public List<String> leftToNd4j() {
    return leftToNd4j;
  }

  /** Kernels that a run of all phases starts. */
  public int kernels() {
    return kernels;
  }

  /** Bytes of the arrays between inputs and outputs. */
  public long bytes() {
    return pool.bytes();
  }

  @Override
  public void close() {
    memory.close();
  }
}
