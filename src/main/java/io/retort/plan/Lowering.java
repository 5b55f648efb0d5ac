package io.retort.plan;

import static java.util.Map.entry;

import io.retort.kernel.BlockProgram.Function;
import io.retort.kernel.BlockProgram.Pair;
import io.retort.plan.Expression.Runs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ops.BaseOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * Which of ND4J's operations are expressions: elementwise ones with operands repeated along axes,
 * sums over axes, their gradients, and those that only name the same numbers otherwise. What is no
 * expression stays an operation, and its results are variables.
 */
final class Lowering {

  /**
   * Numbers side by side from which on Java's loops over them are as fast as oneDNN's kernels; they
   * begin and end with single numbers.
   */
  private static final int SHORTEST_RUN = 48;

  private static final Map<String, Pair> PAIRS =
      Map.of(
          "add", Pair.ADD,
          "subtract", Pair.SUBTRACT,
          "multiply", Pair.MULTIPLY,
          "divide", Pair.DIVIDE,
          "maximum", Pair.MAXIMUM,
          "minimum", Pair.MINIMUM);

  private static final Map<String, Function> FUNCTIONS =
      Map.ofEntries(
          entry("sqrt", Function.ROOT),
          entry("abs", Function.ABSOLUTE),
          entry("relu", Function.RELU),
          entry("sign", Function.SIGN),
          entry("Reciprocal", Function.RECIPROCAL),
          entry("ClipByValue", Function.UNIT_CLIP));

  private final Expressions expressions = new Expressions();
  private final Map<String, Expression> values = new HashMap<>();
  private final Map<String, long[]> shapes;

  /**
   * @param shapes of all variables
   * @param numbers variables that are one number and never change
   */
  Lowering(Map<String, long[]> shapes, Map<String, Double> numbers) {
    this.shapes = shapes;
    numbers.forEach((name, number) -> values.put(name, expressions.constant(number.floatValue())));
  }

  Expressions expressions() {
    return expressions;
  }

  /** What a variable is. */
  Expression value(String variable) {
    return values.computeIfAbsent(
        variable, name -> expressions.variable(name, length(shape(name))));
  }

  private long[] shape(String variable) {
    return Objects.requireNonNull(shapes.get(variable), variable);
  }

  private static int length(long[] shape) {
    return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
  }

  /**
   * Tries to make expressions of what an operation computes.
   *
   * @return whether that went
   */
  boolean lower(Operation operation) {
    List<@Nullable Expression> out = expressions(operation);
    if (out.isEmpty()) {
      return false;
    }
    for (int i = 0; i < out.size(); i++) {
      Expression expression = out.get(i);
      if (expression != null) {
        values.put(operation.outputs().get(i), expression);
      }
    }
    return true;
  }

  /** By output; none where it is to stay an operation. */
  private List<@Nullable Expression> expressions(Operation op) {
    String name = op.name();
    if (PAIRS.containsKey(name)) {
      long[] shape = shape(op.outputs().get(0));
      return all(
          operand(op.inputs().get(0), shape),
          operand(op.inputs().get(1), shape),
          (a, b) -> expressions.pair(Objects.requireNonNull(PAIRS.get(name)), a, b));
    }
    if (FUNCTIONS.containsKey(name)) {
      return isUnitClipOrNone(op)
          ? List.of(
              expressions.function(
                  Objects.requireNonNull(FUNCTIONS.get(name)), value(op.inputs().get(0))))
          : List.of();
    }
    return switch (name) {
      case "neg" -> List.of(expressions.affine(value(op.inputs().get(0)), -1, 0));
      case "reshape", "identity" -> List.of(value(op.inputs().get(0)));
      case "permute" -> permute(op);
      case "relu_bp" -> List.of(throughPositive(op));
      case "reduce_sum" -> sum(op, false);
      case "reduce_mean" -> sum(op, true);
      case "reduce_sum_bp" -> repeated(op, false);
      case "reduce_mean_bp" -> repeated(op, true);
      case "add_bp" -> sumBackward(op, 1);
      case "subtract_bp" -> sumBackward(op, -1);
      case "multiply_bp" -> productBackward(op);
      default -> List.of();
    };
  }

  private static boolean isUnitClipOrNone(Operation op) {
    if (!op.name().equals("ClipByValue")) {
      return true;
    }
    double[] bounds = ((DynamicCustomOp) op.function()).tArgs();
    return bounds[0] == -1 && bounds[1] == 1;
  }

  private interface Combination {
    Expression of(Expression a, Expression b);
  }

  private static List<@Nullable Expression> all(
      @Nullable Expression a, @Nullable Expression b, Combination combination) {
    return a == null || b == null ? List.of() : List.of(combination.of(a, b));
  }

  /** A variable repeated to a shape; null where its axes do not allow that. */
  private @Nullable Expression operand(String variable, long[] shape) {
    Runs runs = runs(shape, shape(variable));
    return runs == null ? null : expressions.repeat(value(variable), runs);
  }

  private @Nullable Expression summed(Expression x, long[] from, long[] to, float factor) {
    Runs runs = runs(from, to);
    return runs == null ? null : expressions.affine(expressions.sum(x, runs), factor, 0);
  }

  /** How one shape becomes another that has 1 for some neighbouring axes of it. */
  private static @Nullable Runs runs(long[] full, long[] kept) {
    if (full.length != kept.length) {
      return length(kept) == 1 ? new Runs(1, length(full), 1) : null;
    }
    int outer = 1;
    int times = 1;
    int inner = 1;
    boolean begun = false;
    boolean ended = false;
    for (int i = 0; i < full.length; i++) {
      int side = (int) full[i];
      if (side == 1) {
        continue;
      }
      if (kept[i] == 1) {
        if (ended) {
          return null;
        }
        begun = true;
        times *= side;
      } else if (kept[i] != side) {
        return null;
      } else if (begun) {
        ended = true;
        inner *= side;
      } else {
        outer *= side;
      }
    }
    boolean isShort = times > 1 && outer > 1 && times * inner < SHORTEST_RUN;
    return isShort ? null : new Runs(outer, times, inner);
  }

  private List<@Nullable Expression> sum(Operation op, boolean mean) {
    String x = op.inputs().get(0);
    long[] kept = shape(x).clone();
    for (int axis : ((BaseOp) op.function()).dimensions().toIntVector()) {
      kept[axis < 0 ? axis + kept.length : axis] = 1;
    }
    float factor = mean ? (float) length(kept) / length(shape(x)) : 1;
    Expression sum = summed(value(x), shape(x), kept, factor);
    return sum == null ? List.of() : List.of(sum);
  }

  private List<@Nullable Expression> repeated(Operation op, boolean mean) {
    String slope = op.inputs().get(1);
    long[] shape = shape(op.outputs().get(0));
    Expression repeated = operand(slope, shape);
    float factor = mean ? (float) length(shape(slope)) / length(shape) : 1;
    return repeated == null ? List.of() : List.of(expressions.affine(repeated, factor, 0));
  }

  private List<@Nullable Expression> sumBackward(Operation op, int sign) {
    String slope = op.inputs().get(2);
    Expression first = summed(value(slope), shape(slope), shape(op.inputs().get(0)), 1);
    Expression second = summed(value(slope), shape(slope), shape(op.inputs().get(1)), sign);
    return first == null || second == null ? List.of() : Arrays.asList(first, second);
  }

  private List<@Nullable Expression> productBackward(Operation op) {
    String a = op.inputs().get(0);
    String b = op.inputs().get(1);
    long[] shape = shape(op.inputs().get(2));
    Expression slope = value(op.inputs().get(2));
    List<@Nullable Expression> out = new ArrayList<>();
    for (String[] sides : new String[][] {{a, b}, {b, a}}) {
      Expression other = operand(sides[1], shape);
      Expression gradient =
          other == null
              ? null
              : summed(expressions.pair(Pair.MULTIPLY, slope, other), shape, shape(sides[0]), 1);
      if (gradient == null) {
        return List.of();
      }
      out.add(gradient);
    }
    return out;
  }

  private Expression throughPositive(Operation op) {
    Expression on = expressions.function(Function.IS_POSITIVE, value(op.inputs().get(0)));
    return expressions.pair(Pair.MULTIPLY, on, value(op.inputs().get(1)));
  }

  /** Where it moves no number. */
  private List<@Nullable Expression> permute(Operation op) {
    long[] axes = ((DynamicCustomOp) op.function()).iArgs();
    long[] shape = shape(op.inputs().get(0));
    int last = -1;
    for (long axis : axes) {
      if (shape[(int) axis] > 1) {
        if (axis < last) {
          return List.of();
        }
        last = (int) axis;
      }
    }
    return List.of(value(op.inputs().get(0)));
  }
}
