package io.retort.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Divides a graph's operations for a {@link GraphCut}. */
final class GraphSlices {

  /**
   * Operations that give the same numbers in another shape, which cost nothing wherever they are.
   */
  private static final Set<String> VIEWS = Set.of("reshape", "identity");

  /** With a number on one side, as cheap to compute as to read. */
  private static final Set<String> CHEAP = Set.of("add", "subtract", "multiply", "neg");

  private final Set<String> sources;
  private final Set<String> wanted;
  private final Set<String> constants = new HashSet<>();
  private final Map<String, List<Operation>> readers = new HashMap<>();
  private final List<Operation> settled = new ArrayList<>();
  private final Map<String, long[]> shapes;
  private final RowRules rules;

  GraphSlices(
      SameDiff graph, Set<String> sources, Set<String> changing, Set<String> wanted, int batch) {
    this.sources = sources;
    this.wanted = wanted;
    for (SDVariable v : graph.variables()) {
      if (v.getVariableType() == VariableType.CONSTANT && !changing.contains(v.name())) {
        constants.add(v.name());
      }
    }
    Set<String> known = new HashSet<>(sources);
    known.addAll(constants);
    for (Operation op : new OperationOrder(graph, Set.of(), List.of(wanted)).unfused(0)) {
      op.inputs().forEach(in -> readers.computeIfAbsent(in, name -> new ArrayList<>()).add(op));
      if (known.containsAll(op.inputs()) && !constants.containsAll(op.inputs())) {
        settled.add(op);
        known.addAll(op.outputs());
      }
    }
    shapes = shapes(graph);
    rules = new RowRules(shapes, constants, sources, batch);
  }

  private Map<String, long[]> shapes(SameDiff graph) {
    try (NativeMemory memory = new NativeMemory()) {
      Map<String, INDArray> bound = new HashMap<>();
      for (String source : sources) {
        SDVariable variable = graph.getVariable(source);
        bound.put(source, memory.array(variable.dataType(), variable.placeholderShape()));
      }
      constants.forEach(name -> bound.put(name, graph.getVariable(name).getArr()));
      return ShapeCalculation.of(settled, bound);
    }
  }

  GraphCut cut() {
    List<Operation> before = new ArrayList<>(settled);
    dropCheapEnds(before);
    List<Operation> byRow = new ArrayList<>(before.stream().filter(rules::take).toList());
    dropCheapEnds(byRow);
    while (computed(byRow) > length(sources)) {
      byRow.remove(cheapestEnd(byRow));
    }
    dropCheapEnds(byRow);
    Set<String> inputs = frontier(before);
    Set<String> rows = frontier(byRow);
    Map<String, long[]> ends = new HashMap<>();
    inputs.forEach(name -> ends.put(name, Objects.requireNonNull(shapes.get(name))));
    rows.forEach(name -> ends.put(name, Objects.requireNonNull(shapes.get(name))));
    sources.forEach(name -> ends.put(name, Objects.requireNonNull(shapes.get(name))));
    return new GraphCut(rows, inputs, Map.copyOf(ends));
  }

  /** What a part gives to operations outside it or to the caller, and the sources they read. */
  private Set<String> frontier(List<Operation> part) {
    Set<String> given = new LinkedHashSet<>();
    sources.stream().filter(source -> isReadOutside(source, part)).forEach(given::add);
    for (Operation op : part) {
      op.outputs().stream()
          .filter(out -> isReadOutside(out, part))
          .forEach(out -> given.add(viewed(out, part)));
    }
    return given;
  }

  /** What lies behind a variable that only names a part's numbers otherwise. */
  private String viewed(String variable, List<Operation> part) {
    if (wanted.contains(variable)) {
      return variable;
    }
    for (Operation op : part) {
      if (VIEWS.contains(op.name()) && op.outputs().contains(variable)) {
        return viewed(op.inputs().get(0), part);
      }
    }
    return variable;
  }

  private boolean isReadOutside(String variable, List<Operation> part) {
    return wanted.contains(variable)
        || readers.getOrDefault(variable, List.of()).stream()
            .anyMatch(reader -> !contains(part, reader));
  }

  /** By identity: SameDiff's functions compare themselves field by field. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean contains(List<Operation> part, Operation op) {
    return part.stream().anyMatch(other -> other == op);
  }

  /** Whether nothing else in the part, nor the caller, reads what an operation computes. */
  private boolean isEnd(Operation op, List<Operation> part) {
    return op.outputs().stream()
        .allMatch(
            out ->
                !wanted.contains(out)
                    && readers.getOrDefault(out, List.of()).stream()
                        .noneMatch(reader -> contains(part, reader)));
  }

  /** Leaves to the readers what costs them nothing or no more than reading it. */
  private void dropCheapEnds(List<Operation> part) {
    boolean dropped = true;
    while (dropped) {
      Set<String> frontier = frontier(part);
      dropped = part.removeIf(op -> isEnd(op, part) && isCheap(op, frontier, part));
    }
  }

  private boolean isCheap(Operation op, Set<String> frontier, List<Operation> part) {
    return VIEWS.contains(op.name())
        || (CHEAP.contains(op.name())
            && op.inputs().stream().allMatch(in -> isAtHand(in, frontier, part)));
  }

  /** Whether a variable is read anyway, or follows cheaply from what is. */
  private boolean isAtHand(String variable, Set<String> frontier, List<Operation> part) {
    if (frontier.contains(variable) || isNumber(variable)) {
      return true;
    }
    return part.stream()
        .filter(op -> op.outputs().contains(variable))
        .anyMatch(
            op ->
                (VIEWS.contains(op.name()) || CHEAP.contains(op.name()))
                    && op.inputs().stream().allMatch(in -> isAtHand(in, frontier, part)));
  }

  private boolean isNumber(String variable) {
    return constants.contains(variable) && length(Set.of(variable)) == 1;
  }

  /** The end without which the rest of a part gives the fewest numbers. */
  @SuppressWarnings("ReferenceEquality")
  private Operation cheapestEnd(List<Operation> part) {
    Operation best = null;
    long least = Long.MAX_VALUE;
    for (Operation op : part) {
      if (isEnd(op, part)) {
        long without = computed(part.stream().filter(other -> other != op).toList());
        if (without < least) {
          least = without;
          best = op;
        }
      }
    }
    return Objects.requireNonNull(best, "a part has an end");
  }

  /** Numbers that a part computes for others. */
  private long computed(List<Operation> part) {
    Set<String> given = frontier(part);
    given.removeAll(sources);
    return length(given);
  }

  private long length(Collection<String> variables) {
    long sum = 0;
    for (String variable : variables) {
      long length = 1;
      for (long side : Objects.requireNonNull(shapes.get(variable), variable)) {
        length *= side;
      }
      sum += length;
    }
    return sum;
  }
}
