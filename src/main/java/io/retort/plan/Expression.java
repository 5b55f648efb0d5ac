package io.retort.plan;

import io.retort.kernel.BlockProgram;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tensor as {@link Expressions} sees it: so many numbers in a row, and how they come about. The
 * same expression is the same object.
 *
 * @param length how many numbers
 * @param variable the graph's variable that holds them, for what is not computed here
 * @param function of one operand
 * @param pair of two operands
 * @param factor of an affine function, or a constant's value
 * @param plus likewise
 * @param runs of sums and repetitions, whose shapes are [outer, times, inner] and [outer, inner]
 */
record Expression(
    Kind kind,
    int length,
    List<Expression> in,
    @Nullable String variable,
    BlockProgram.@Nullable Function function,
    BlockProgram.@Nullable Pair pair,
    float factor,
    float plus,
    @Nullable Runs runs) {

  enum Kind {
    /** What an array holds. */
    VARIABLE,
    /** One number that never changes. */
    CONSTANT,
    AFFINE,
    FUNCTION,
    PAIR,
    SUM,
    REPEAT
  }

  /**
   * @param outer axes before the repeated or summed ones, as one
   * @param times those
   * @param inner axes behind them
   */
  record Runs(int outer, int times, int inner) {}

  Expression first() {
    return in.get(0);
  }

  boolean isRepeatOfOne() {
    return kind == Kind.REPEAT && first().length == 1;
  }

  /** By identity, as equal ones are the same. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
