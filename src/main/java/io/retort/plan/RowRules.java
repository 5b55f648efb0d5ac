package io.retort.plan;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.nd4j.linalg.api.ops.BaseOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * Which variables can be computed row by row: they hold, one behind the other and equally many,
 * what the rows of a batch give, and what one row gives depends on no other row. Whether that is so
 * is known for each operation; what an unknown one computes never counts.
 *
 * <p>Row by row an array's numbers lie side by side whatever its shape. Where its first axis is a
 * multiple of the rows, each place of that axis belongs to one row.
 */
final class RowRules {

  private static final Set<String> NUMBER_BY_NUMBER =
      Set.of(
          "reshape",
          "identity",
          "neg",
          "sqrt",
          "abs",
          "relu",
          "sign",
          "Reciprocal",
          "ClipByValue",
          "exp",
          "log",
          "sigmoid",
          "softplus");

  private static final Set<String> PAIRS =
      Set.of("add", "subtract", "multiply", "divide", "maximum", "minimum");

  private final Map<String, long[]> shapes;
  private final Set<String> constants;
  private final int rows;
  private final Set<String> known;

  /**
   * @param shapes of all variables
   * @param constants those that never change
   * @param given those that hold rows from the start
   * @param rows of a batch
   */
  RowRules(Map<String, long[]> shapes, Set<String> constants, Set<String> given, int rows) {
    this.shapes = shapes;
    this.constants = constants;
    this.rows = rows;
    this.known = new HashSet<>(given);
  }

  /**
   * Looks at the next operation in an order of dependency.
   *
   * @return whether what it computes can be computed row by row
   */
  boolean take(Operation op) {
    boolean local = op.outputs().size() == 1 && isLocal(op);
    if (local) {
      known.add(op.outputs().get(0));
    }
    return local;
  }

  private boolean isLocal(Operation op) {
    String first = op.inputs().isEmpty() ? "" : op.inputs().get(0);
    if (op.inputs().size() == 2) {
      String second = op.inputs().get(1);
      return PAIRS.contains(op.name()) ? isPair(op, first, second) : isProduct(op, first, second);
    }
    if (op.inputs().size() != 1 || !known.contains(first)) {
      return false;
    }
    return NUMBER_BY_NUMBER.contains(op.name())
        || switch (op.name()) {
          case "permute" -> isFirstAxisRows(first) && keepsFirstAxis(op);
          case "reduce_sum", "reduce_mean" -> isFirstAxisRows(first) && reducesOtherAxes(op);
          default -> false;
        };
  }

  private boolean isPair(Operation op, String a, String b) {
    long[] out = shape(op.outputs().get(0));
    return (known.contains(a) || known.contains(b)) && fits(a, out) && fits(b, out);
  }

  /** Whether one side of a pair is the same for all rows, or holds each row's own at its place. */
  private boolean fits(String side, long[] out) {
    long[] shape = shape(side);
    if (constants.contains(side)) {
      boolean everywhere = shape.length < out.length || shape[0] == 1;
      return length(shape) == 1 || (everywhere && out[0] % rows == 0);
    }
    if (!known.contains(side)) {
      return false;
    }
    boolean alike = Arrays.equals(shape, out);
    return alike || (isFirstAxisRows(side) && shape.length == out.length && shape[0] == out[0]);
  }

  /** Rows times a constant matrix, or stacks of matrices, some for each row. */
  private boolean isProduct(Operation op, String a, String b) {
    if (!op.name().equals("matmul") || !known.contains(a) || !isFirstAxisRows(a)) {
      return false;
    }
    int rank = shape(a).length;
    if (rank != shape(b).length) {
      return false;
    }
    if (rank == 2) {
      return constants.contains(b) && ((DynamicCustomOp) op.function()).iArgs()[0] == 0;
    }
    return rank == 3 && known.contains(b) && shape(a)[0] == shape(b)[0];
  }

  private static boolean keepsFirstAxis(Operation op) {
    long[] axes = ((DynamicCustomOp) op.function()).iArgs();
    return axes.length > 0 && axes[0] == 0;
  }

  private boolean reducesOtherAxes(Operation op) {
    int rank = shape(op.inputs().get(0)).length;
    int[] axes = ((BaseOp) op.function()).dimensions().toIntVector();
    for (int axis : axes) {
      int place = axis < 0 ? axis + rank : axis;
      if (place < 1 || place >= rank) {
        return false;
      }
    }
    return axes.length > 0;
  }

  private boolean isFirstAxisRows(String variable) {
    long[] shape = shape(variable);
    return shape.length > 0 && shape[0] % rows == 0;
  }

  private long[] shape(String variable) {
    return Objects.requireNonNull(shapes.get(variable), variable);
  }

  private static long length(long[] shape) {
    long length = 1;
    for (long side : shape) {
      length *= side;
    }
    return length;
  }
}
