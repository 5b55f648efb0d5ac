package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.spec.OptimizerSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettlingOptimizerTest {

  /** A parameter that is smaller by a share of itself after every step, and one that stays. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.3, 0.9})
  void whatShrinksTowardsZeroNeverBecomesDenormal(double share) {
    Optimizer optimizer =
        new SettlingOptimizer(
            Optimizer.of(new OptimizerSpec.Sgd((double) share, 0.0, false, 0.0), 2));
    float[] parameters = {1, 0.3f};
    float[] gradient = new float[2];
    for (int step = 0; step < 10_000; step++) {
      gradient[0] = parameters[0];
      optimizer.begin(share);
      optimizer.move(parameters, gradient, 0, 2);
      float size = Math.abs(parameters[0]);
      assertThat(size == 0 || size >= Float.MIN_NORMAL).as("step %d: %s", step, size).isTrue();
    }
    assertThat(Math.abs(parameters[0])).isLessThan(1e-24f);
    assertThat(parameters[1]).isEqualTo(0.3f);
  }
}
