package io.retort.plan;

import io.retort.kernel.BlockProgram.Function;
import io.retort.kernel.BlockProgram.Pair;
import io.retort.plan.Expression.Kind;
import io.retort.plan.Expression.Runs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes expressions in their simplest form: what is equal is made once, constants are worked out,
 * factors go to where there are the fewest numbers, and operations on repeated numbers come before
 * the repeating.
 */
final class Expressions {

  private final Map<Object, Expression> known = new HashMap<>();

  /** In an order in which operands stand before what is made of them. */
  private final List<Expression> all = new ArrayList<>();

  private Expression of(
      Kind kind,
      int length,
      List<Expression> in,
      @Nullable String variable,
      @Nullable Function function,
      @Nullable Pair pair,
      float factor,
      float plus,
      @Nullable Runs runs) {
    List<@Nullable Object> key = new ArrayList<>();
    key.add(kind);
    key.add(length);
    key.addAll(in);
    key.add(variable);
    key.add(function);
    key.add(pair);
    key.add(factor);
    key.add(plus);
    key.add(runs);
    return known.computeIfAbsent(
        key,
        k -> {
          Expression made =
              new Expression(kind, length, in, variable, function, pair, factor, plus, runs);
          all.add(made);
          return made;
        });
  }

  List<Expression> all() {
    return all;
  }

  Expression variable(String name, int length) {
    return of(Kind.VARIABLE, length, List.of(), name, null, null, 0, 0, null);
  }

  Expression constant(float number) {
    return of(Kind.CONSTANT, 1, List.of(), null, null, null, number, 0, null);
  }

  Expression function(Function function, Expression x) {
    if (function == Function.SIGN && x.function() == Function.RELU) {
      return function(Function.IS_POSITIVE, x.first());
    }
    return x.kind() == Kind.REPEAT
        ? repeat(function(function, x.first()), runs(x))
        : of(Kind.FUNCTION, x.length(), List.of(x), null, function, null, 0, 0, null);
  }

  private static Runs runs(Expression x) {
    return Objects.requireNonNull(x.runs());
  }

  /** {@code factor * x + plus}. */
  Expression affine(Expression x, float factor, float plus) {
    if (factor == 1 && plus == 0) {
      return x;
    }
    return switch (x.kind()) {
      case CONSTANT -> constant(factor * x.factor() + plus);
      case AFFINE -> affine(x.first(), factor * x.factor(), factor * x.plus() + plus);
      case REPEAT -> repeat(affine(x.first(), factor, plus), runs(x));
      case PAIR -> plus == 0 ? scaledPair(x, factor) : newAffine(x, factor, plus);
      default -> newAffine(x, factor, plus);
    };
  }

  private Expression newAffine(Expression x, float factor, float plus) {
    return of(Kind.AFFINE, x.length(), List.of(x), null, null, null, factor, plus, null);
  }

  /** A product with repeated numbers takes the factor into them. */
  private Expression scaledPair(Expression x, float factor) {
    if (x.pair() == Pair.MULTIPLY) {
      for (int i = 0; i < 2; i++) {
        if (x.in().get(i).kind() == Kind.REPEAT) {
          return pair(Pair.MULTIPLY, affine(x.in().get(i), factor, 0), x.in().get(1 - i));
        }
      }
    }
    return newAffine(x, factor, 0);
  }

  /** Of two tensors of one length. */
  Expression pair(Pair pair, Expression a, Expression b) {
    Float left = number(a);
    Float right = number(b);
    if (right != null) {
      switch (pair) {
        case ADD:
          return affine(a, 1, right);
        case SUBTRACT:
          return affine(a, 1, -right);
        case MULTIPLY:
          return affine(a, right, 0);
        case DIVIDE:
          return affine(a, 1 / right, 0);
        default:
      }
    }
    if (left != null) {
      switch (pair) {
        case ADD:
          return affine(b, 1, left);
        case SUBTRACT:
          return affine(b, -1, left);
        case MULTIPLY:
          return affine(b, left, 0);
        default:
      }
    }
    Expression outside = beforeRepeating(pair, a, b);
    if (outside != null) {
      return outside;
    }
    return switch (pair) {
      case DIVIDE ->
          b.kind() == Kind.REPEAT
              ? pair(Pair.MULTIPLY, a, function(Function.RECIPROCAL, b))
              : newPair(pair, a, b);
      case MULTIPLY -> product(a, b);
      case ADD -> sum(a, b);
      case SUBTRACT -> isNegative(b) ? pair(Pair.ADD, a, affine(b, -1, 0)) : newPair(pair, a, b);
      default -> newPair(pair, a, b);
    };
  }

  private static @Nullable Float number(Expression x) {
    if (x.kind() == Kind.CONSTANT) {
      return x.factor();
    }
    return x.kind() == Kind.REPEAT ? number(x.first()) : null;
  }

  /** Where both are repeated alike, or one is a single number. */
  private @Nullable Expression beforeRepeating(Pair pair, Expression a, Expression b) {
    if (a.kind() != Kind.REPEAT || b.kind() != Kind.REPEAT) {
      return null;
    }
    if (runs(a).equals(runs(b))) {
      return repeat(pair(pair, a.first(), b.first()), runs(a));
    }
    if (a.isRepeatOfOne()) {
      return repeat(pair(pair, filled(a.first(), b.first().length()), b.first()), runs(b));
    }
    if (b.isRepeatOfOne()) {
      return repeat(pair(pair, a.first(), filled(b.first(), a.first().length())), runs(a));
    }
    return null;
  }

  private Expression filled(Expression one, int length) {
    return repeat(one, new Runs(1, length, 1));
  }

  @SuppressWarnings("ReferenceEquality") // equal ones are one
  private Expression sum(Expression a, Expression b) {
    if (a == b) {
      return affine(a, 2, 0);
    }
    if (isNegative(b)) {
      return pair(Pair.SUBTRACT, a, affine(b, -1, 0));
    }
    return isNegative(a) ? pair(Pair.SUBTRACT, b, affine(a, -1, 0)) : newPair(Pair.ADD, a, b);
  }

  private static boolean isNegative(Expression x) {
    return x.kind() == Kind.AFFINE && x.factor() == -1 && x.plus() == 0;
  }

  private Expression product(Expression a, Expression b) {
    if (a.kind() == Kind.AFFINE && a.plus() == 0) {
      return affine(pair(Pair.MULTIPLY, a.first(), b), a.factor(), 0);
    }
    if (b.kind() == Kind.AFFINE && b.plus() == 0) {
      return affine(pair(Pair.MULTIPLY, a, b.first()), b.factor(), 0);
    }
    Expression joined = joined(a, b);
    if (joined == null) {
      joined = joined(b, a);
    }
    return joined == null ? newPair(Pair.MULTIPLY, a, b) : joined;
  }

  /** s (t x) as (s t) x, where s and t are repeated alike. */
  private @Nullable Expression joined(Expression s, Expression tx) {
    if (s.kind() != Kind.REPEAT || tx.pair() != Pair.MULTIPLY) {
      return null;
    }
    for (int i = 0; i < 2; i++) {
      Expression t = tx.in().get(i);
      if (t.kind() == Kind.REPEAT && beforeRepeating(Pair.MULTIPLY, s, t) != null) {
        return pair(Pair.MULTIPLY, pair(Pair.MULTIPLY, s, t), tx.in().get(1 - i));
      }
    }
    return null;
  }

  private Expression newPair(Pair pair, Expression a, Expression b) {
    boolean commutes = pair != Pair.SUBTRACT && pair != Pair.DIVIDE;
    boolean swapped = commutes && all.indexOf(a) > all.indexOf(b);
    List<Expression> in = swapped ? List.of(b, a) : List.of(a, b);
    return of(Kind.PAIR, a.length(), in, null, null, pair, 0, 0, null);
  }

  Expression repeat(Expression x, Runs runs) {
    if (runs.times() == 1) {
      return x;
    }
    int length = x.length() * runs.times();
    if (x.isRepeatOfOne()) {
      return filled(x.first(), length);
    }
    Runs plain = x.length() == 1 ? new Runs(1, length, 1) : runs;
    return of(Kind.REPEAT, length, List.of(x), null, null, null, 0, 0, plain);
  }

  Expression sum(Expression x, Runs runs) {
    if (runs.times() == 1) {
      return x;
    }
    if (x.kind() == Kind.REPEAT && runs.equals(x.runs())) {
      return affine(x.first(), runs.times(), 0);
    }
    if (x.kind() == Kind.AFFINE && x.plus() == 0) {
      return affine(sum(x.first(), runs), x.factor(), 0);
    }
    if (x.pair() == Pair.MULTIPLY) {
      for (int i = 0; i < 2; i++) {
        Expression factor = x.in().get(i);
        Expression rest = x.in().get(1 - i);
        if (factor.kind() == Kind.REPEAT && runs.equals(factor.runs())) {
          return pair(Pair.MULTIPLY, factor.first(), sum(rest, runs));
        }
        if (factor.isRepeatOfOne()) {
          Expression sums = sum(rest, runs);
          return pair(Pair.MULTIPLY, filled(factor.first(), sums.length()), sums);
        }
        Expression outside = outOfSum(factor, rest, runs);
        if (outside != null) {
          return outside;
        }
      }
    }
    return of(Kind.SUM, x.length() / runs.times(), List.of(x), null, null, null, 0, 0, runs);
  }

  /** The sum of (s x) y as s times that of x y, where s is what sums are repeated to. */
  private @Nullable Expression outOfSum(Expression sx, Expression y, Runs runs) {
    if (sx.pair() != Pair.MULTIPLY) {
      return null;
    }
    for (int i = 0; i < 2; i++) {
      Expression s = sx.in().get(i);
      if (s.kind() == Kind.REPEAT && runs.equals(s.runs())) {
        return pair(
            Pair.MULTIPLY, s.first(), sum(pair(Pair.MULTIPLY, sx.in().get(1 - i), y), runs));
      }
    }
    return null;
  }
}
