package io.retort.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.kernel.BlockProgram.Function;
import io.retort.kernel.BlockProgram.Pair;
import io.retort.plan.Expression.Kind;
import io.retort.plan.Expression.Runs;
import org.junit.jupiter.api.Test;

/** What expressions are simplified to. */
class ExpressionsTest {

  private static final Runs ROWS = new Runs(4, 3, 1);
  private static final Runs ALL = new Runs(1, 12, 1);

  private final Expressions e = new Expressions();
  private final Expression x = e.variable("x", 12);
  private final Expression y = e.variable("y", 12);
  private final Expression perRow = e.variable("r", 4);
  private final Expression one = e.variable("w", 1);

  private Expression constant(float number) {
    return e.repeat(e.constant(number), ALL);
  }

  @Test
  void equalOnesAreTheSame() {
    assertThat(e.pair(Pair.ADD, x, y)).isSameAs(e.pair(Pair.ADD, y, x));
    assertThat(e.pair(Pair.SUBTRACT, x, y)).isNotSameAs(e.pair(Pair.SUBTRACT, y, x));
  }

  @Test
  void constantsAreWorkedOut() {
    assertThat(e.pair(Pair.MULTIPLY, x, constant(1))).isSameAs(x);
    assertThat(e.pair(Pair.ADD, x, constant(0))).isSameAs(x);
    assertThat(e.affine(e.affine(x, -1, 0), -1, 0)).isSameAs(x);
    Expression line = e.affine(e.pair(Pair.SUBTRACT, constant(3), x), 2, 1);
    assertThat(line.first()).isSameAs(x);
    assertThat(line.factor()).isEqualTo(-2);
    assertThat(line.plus()).isEqualTo(7);
    assertThat(e.pair(Pair.ADD, e.constant(2), e.constant(3)).factor()).isEqualTo(5);
  }

  @Test
  void whatIsRepeatedIsComputedBeforeIt() {
    Expression r = e.repeat(perRow, ROWS);
    assertThat(e.function(Function.ROOT, r))
        .isSameAs(e.repeat(e.function(Function.ROOT, perRow), ROWS));
    assertThat(e.pair(Pair.MULTIPLY, r, e.repeat(one, ALL)))
        .isSameAs(e.repeat(e.pair(Pair.MULTIPLY, perRow, e.repeat(one, new Runs(1, 4, 1))), ROWS));
    // x / r = x (1 / r)
    assertThat(e.pair(Pair.DIVIDE, x, r).in())
        .contains(e.repeat(e.function(Function.RECIPROCAL, perRow), ROWS));
  }

  @Test
  void factorsGoWhereThereAreFewestNumbers() {
    Expression sum = e.sum(e.affine(x, 5, 0), ROWS);
    assertThat(sum.kind()).isEqualTo(Kind.AFFINE);
    assertThat(sum.first()).isSameAs(e.sum(x, ROWS));
    // the sum of r x is r times that of x
    assertThat(e.sum(e.pair(Pair.MULTIPLY, x, e.repeat(perRow, ROWS)), ROWS))
        .isSameAs(e.pair(Pair.MULTIPLY, perRow, e.sum(x, ROWS)));
    // 2 (x + x) w = x (4 w)
    Expression twice = e.affine(e.pair(Pair.ADD, x, x), 2, 0);
    assertThat(e.pair(Pair.MULTIPLY, twice, e.repeat(one, ALL)))
        .isSameAs(e.pair(Pair.MULTIPLY, x, e.repeat(e.affine(one, 4, 0), ALL)));
  }

  @Test
  void aSumUndoesARepetition() {
    assertThat(e.sum(e.repeat(perRow, ROWS), ROWS)).isSameAs(e.affine(perRow, 3, 0));
  }
}
