package io.retort.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Products of matrices with the bias and the ReLU behind them, which cost nothing in there. */
final class LinearLayers {

  private static final Set<String> SUM_GRADIENTS = Set.of("add_bp", "subtract_bp");

  private final Map<String, long[]> shapes;
  private final Set<String> given;
  private final Set<String> wanted;

  /**
   * @param shapes of all variables
   * @param given variables that have arrays from the start
   * @param wanted variables whose own arrays somebody reads
   */
  LinearLayers(Map<String, long[]> shapes, Set<String> given, Set<String> wanted) {
    this.shapes = shapes;
    this.given = given;
    this.wanted = wanted;
  }

  List<Operation> joined(List<Operation> operations) {
    Map<String, Integer> reads = new HashMap<>();
    operations.forEach(op -> read(op).forEach(in -> reads.merge(in, 1, Integer::sum)));
    Map<String, Operation> joined = new LinkedHashMap<>();
    for (Operation operation : operations) {
      String first = operation.inputs().isEmpty() ? "" : operation.inputs().get(0);
      boolean onlyReadHere = reads.getOrDefault(first, 0) == 1 && !wanted.contains(first);
      Operation before = onlyReadHere ? joined.get(first) : null;
      Operation both = before == null ? null : join(before, operation);
      if (both != null) {
        joined.remove(first);
      }
      joined.put(operation.outputs().get(0), both == null ? operation : both);
    }
    return new ArrayList<>(joined.values());
  }

  /** The inputs whose numbers count: gradients of sums take only shapes from the operands. */
  private static List<String> read(Operation operation) {
    return SUM_GRADIENTS.contains(operation.name())
        ? operation.inputs().subList(2, 3)
        : operation.inputs();
  }

  private @Nullable Operation join(Operation before, Operation operation) {
    if (!before.name().equals("matmul") || before.relu()) {
      return null;
    }
    if (operation.name().equals("relu")) {
      return before.withRelu(operation);
    }
    return operation.name().equals("add") && !before.bias() && isBias(operation)
        ? before.withBias(operation)
        : null;
  }

  /** Whether a row that is there from the start is added to every row of a matrix. */
  private boolean isBias(Operation sum) {
    long[] rows = shape(sum.outputs().get(0));
    long[] row = shape(sum.inputs().get(1));
    return given.contains(sum.inputs().get(1))
        && rows.length == 2
        && row.length == 2
        && row[0] == 1
        && row[1] == rows[1];
  }

  private long[] shape(String variable) {
    return Objects.requireNonNull(shapes.get(variable), variable);
  }
}
