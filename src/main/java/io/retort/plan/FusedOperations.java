package io.retort.plan;

import io.retort.kernel.BlockProgram;
import io.retort.kernel.BlockProgram.Pair;
import io.retort.kernel.Kernel;
import io.retort.plan.Expression.Kind;
import io.retort.plan.Expression.Runs;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Expressions that are computed in one pass over their arrays.
 *
 * @param outer the axis along which the pass goes
 * @param members what is computed, operands first
 * @param stored those that others read, with their variables
 * @param loaded what the pass reads from outside, likewise
 */
record FusedOperations(
    int outer,
    List<Expression> members,
    Map<Expression, String> stored,
    Map<Expression, String> loaded)
    implements PlanStep {

  @Override
  public List<String> inputs() {
    return List.copyOf(loaded.values());
  }

  @Override
  public List<String> outputs() {
    return List.copyOf(stored.values());
  }

  /**
   * @param arrays by variable
   */
  Kernel kernel(Function<String, INDArray> arrays) {
    return new Translation(arrays).kernel();
  }

  /** Into a program for arrays. */
  private final class Translation {
    private final Function<String, INDArray> arrays;
    private final BlockProgram program = new BlockProgram(outer);
    private final Map<Expression, Integer> values = new HashMap<>();

    /** Products that only a sum reads, which computes them along. */
    private final Set<Expression> taken = taken();

    Translation(Function<String, INDArray> arrays) {
      this.arrays = arrays;
    }

    Kernel kernel() {
      for (Expression member : members) {
        if (taken.contains(member)) {
          continue;
        }
        if (isWholeSum(member)) {
          storeSum(member.first(), array(stored.get(member)));
        } else {
          values.put(member, computed(member));
          if (stored.containsKey(member)) {
            program.store(value(member), array(stored.get(member)));
          }
        }
      }
      return program.build();
    }

    private void storeSum(Expression x, INDArray to) {
      if (taken.contains(x)) {
        program.storeSumOfProducts(value(x.first()), value(x.in().get(1)), to);
      } else {
        program.storeSum(value(x), to);
      }
    }

    private INDArray array(@Nullable String variable) {
      return arrays.apply(Objects.requireNonNull(variable));
    }

    private int value(Expression x) {
      Integer known = values.get(x);
      if (known == null) {
        boolean here = x.kind() == Kind.REPEAT && !loaded.containsKey(x);
        known =
            here || x.kind() == Kind.CONSTANT ? computed(x) : program.load(array(loaded.get(x)));
        values.put(x, known);
      }
      return known;
    }

    private int computed(Expression x) {
      return switch (x.kind()) {
        case CONSTANT -> program.constant(x.factor(), size(x));
        case AFFINE -> program.affine(value(x.first()), x.factor(), x.plus());
        case FUNCTION -> program.apply(Objects.requireNonNull(x.function()), value(x.first()));
        case PAIR -> pair(x);
        case SUM -> program.sum(value(x.first()), runs(x).times(), runs(x).inner());
        case REPEAT -> repeated(x);
        case VARIABLE -> throw new IllegalArgumentException("nothing to compute");
      };
    }

    private int pair(Expression x) {
      Expression a = x.first();
      Expression b = x.in().get(1);
      if (taken.contains(a)) {
        return program.multiplyAdd(value(a.first()), value(a.in().get(1)), value(b));
      }
      return taken.contains(b)
          ? program.multiplyAdd(value(b.first()), value(b.in().get(1)), value(a))
          : program.apply(Objects.requireNonNull(x.pair()), value(a), value(b));
    }

    private int repeated(Expression x) {
      Expression source = x.first();
      if (source.kind() == Kind.CONSTANT) {
        return program.constant(source.factor(), size(x));
      }
      return runs(x).outer() == 1
          ? program.tiled(array(loaded.get(source)), size(x))
          : program.repeat(value(source), runs(x).times(), runs(x).inner());
    }

    private int size(Expression x) {
      return x.length() / outer;
    }
  }

  private Set<Expression> taken() {
    Map<Expression, Integer> reads = new HashMap<>();
    for (Expression member : members) {
      for (Expression operand : member.in()) {
        reads.merge(operand, 1, Integer::sum);
        // what is repeated may be read where the repeated is
        operand
            .in()
            .forEach(
                source -> reads.merge(source, members.contains(operand) ? 0 : 1, Integer::sum));
      }
    }
    Set<Expression> taken = new HashSet<>();
    for (Expression member : members) {
      if (isWholeSum(member) || member.pair() == Pair.ADD) {
        member.in().stream()
            .filter(x -> x.pair() == Pair.MULTIPLY && members.contains(x))
            .filter(x -> !stored.containsKey(x) && reads.getOrDefault(x, 0) == 1)
            .findFirst()
            .ifPresent(taken::add);
      }
    }
    return taken;
  }

  private static Runs runs(Expression x) {
    return Objects.requireNonNull(x.runs());
  }

  /** A sum that is known only after the whole pass. */
  static boolean isWholeSum(Expression x) {
    return x.kind() == Kind.SUM && runs(x).outer() == 1;
  }
}
