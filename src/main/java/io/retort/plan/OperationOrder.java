package io.retort.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;

/** Which operations of a graph a plan runs, in which order, and who reads what they compute. */
final class OperationOrder {

  private final Map<String, Operation> producers = new HashMap<>();
  private final Map<String, List<Operation>> readers = new HashMap<>();
  private final List<List<Operation>> phases = new ArrayList<>();
  private final Set<String> wanted = new HashSet<>();
  private final Set<String> parameters = new HashSet<>();

  /**
   * @param given variables that are inputs here, even where an operation computes them
   * @param phases variables to compute in each phase; a phase may read what earlier ones computed
   */
  OperationOrder(SameDiff graph, Set<String> given, List<Set<String>> phases) {
    graph.variables().stream()
        .filter(v -> v.getVariableType() == VariableType.VARIABLE)
        .forEach(v -> parameters.add(v.name()));
    // an operation only reads what stood there before it, so the graph's order is one of dependency
    List<Operation> all = new ArrayList<>();
    for (SameDiffOp op : graph.getOps().values()) {
      Operation operation = Operation.of(op);
      all.add(operation);
      operation.outputs().stream()
          .filter(out -> !given.contains(out))
          .forEach(out -> producers.put(out, operation));
    }
    Set<Operation> taken = identitySet();
    for (Set<String> phase : phases) {
      wanted.addAll(phase);
      Set<Operation> needed = behind(phase);
      needed.removeAll(taken);
      taken.addAll(needed);
      this.phases.add(all.stream().filter(needed::contains).toList());
    }
    for (Operation operation : taken) {
      for (String input : operation.inputs()) {
        readers.computeIfAbsent(input, name -> new ArrayList<>()).add(operation);
      }
    }
  }

  private Set<Operation> behind(Collection<String> variables) {
    Set<Operation> found = identitySet();
    List<String> open = new ArrayList<>(variables);
    while (!open.isEmpty()) {
      Operation operation = producers.get(open.remove(open.size() - 1));
      if (operation != null && found.add(operation)) {
        open.addAll(operation.inputs());
      }
    }
    return found;
  }

  /** By identity: SameDiff's functions compare themselves field by field. */
  private static Set<Operation> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  /** The operations of any phase that read a variable. */
  List<Operation> readers(String variable) {
    return readers.getOrDefault(variable, List.of());
  }

  boolean computedBy(String operation, String variable) {
    Operation producer = producers.get(variable);
    return producer != null && producer.name().equals(operation);
  }

  /** Whether anybody needs a variable, the plan's caller included. */
  boolean isRead(String variable) {
    return wanted.contains(variable) || readers.containsKey(variable);
  }

  /** Whether the caller needs a variable, so that its array must outlive the run. */
  boolean isWanted(String variable) {
    return wanted.contains(variable);
  }

  /**
   * A phase with biases and ReLUs drawn into the operation before them, where nobody else reads
   * that operation's result, and the gradients of those ReLUs into the operation behind them.
   */
  List<Operation> fused(int phase) {
    Map<String, Operation> fused = new LinkedHashMap<>();
    for (Operation operation : phases.get(phase)) {
      String joint = joint(operation);
      Operation before = isOnlyReadOnce(joint) ? fused.get(joint) : null;
      Operation both = before == null ? null : fuse(before, operation);
      if (both != null) {
        fused.remove(joint);
      }
      fused.put(operation.outputs().get(0), both == null ? operation : both);
    }
    return List.copyOf(fused.values());
  }

  /** The input of an operation behind which another one may stand that it can be fused with. */
  private static String joint(Operation operation) {
    if (operation.inputs().isEmpty()) {
      return "";
    }
    boolean slopeLast = operation.name().equals("batchnorm_bp");
    return operation.inputs().get(slopeLast ? operation.inputs().size() - 1 : 0);
  }

  private @Nullable Operation fuse(Operation before, Operation operation) {
    return switch (operation.name()) {
      case "relu" ->
          RewriteRules.TAKE_RELU.contains(before.name()) ? before.withRelu(operation) : null;
      case "add" ->
          before.name().equals("matmul")
                  && !before.bias()
                  && parameters.contains(operation.inputs().get(1))
              ? before.withBias(operation)
              : null;
      case "batchnorm_bp" ->
          before.name().equals("relu_bp")
                  && isFusedBatchNorm(before.inputs().get(0), operation.inputs().get(0))
              ? operation.withSlope(before.inputs().get(1))
              : null;
      default -> null;
    };
  }

  /** Whether a variable is ReLU of nothing but the normalised {@code images}. */
  private boolean isFusedBatchNorm(String variable, String images) {
    Operation relu = producers.get(variable);
    if (relu == null || !relu.name().equals("relu") || !isOnlyReadOnce(relu.inputs().get(0))) {
      return false;
    }
    Operation norm = producers.get(relu.inputs().get(0));
    return norm != null && norm.name().equals("batchnorm") && norm.inputs().get(0).equals(images);
  }

  private boolean isOnlyReadOnce(String variable) {
    return !isWanted(variable) && readers(variable).size() == 1;
  }

  List<Operation> unfused(int phase) {
    return phases.get(phase);
  }
}
