package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retort.spec.OptimizerSpec;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerTest {

  @Test
  void adamsFirstStepIsTheRateAgainstTheSign() {
    float[] p = {1, 1, 1};
    step(
        optimizer(new OptimizerSpec.Adam(0.1, null, null, null)),
        p,
        new float[] {0.5f, -20f, 0f},
        0.1);
    assertThat(p).containsExactly(new float[] {0.9f, 1.1f, 1f}, within(1e-5f));
  }

  /** Written out in double precision from the paper, epsilon after the correction. */
  @Test
  void adamFollowsThePaper() {
    double m = 0;
    double v = 0;
    double wanted = 0.3;
    float[] p = {0.3f};
    Optimizer adam = Optimizer.of(new OptimizerSpec.Adam(0.01, 0.8, 0.9, 1e-4), 1);
    for (int t = 1; t <= 20; t++) {
      double g = Math.sin(t);
      m = 0.8 * m + 0.2 * g;
      v = 0.9 * v + 0.1 * g * g;
      wanted -=
          0.01 * (m / (1 - Math.pow(0.8, t))) / (Math.sqrt(v / (1 - Math.pow(0.9, t))) + 1e-4);
      step(adam, p, new float[] {(float) g}, 0.01);
      assertThat((double) p[0]).isCloseTo(wanted, within(1e-5));
    }
  }

  @Test
  void adamWShrinksTheParametersApartFromTheGradient() {
    float[] p = {2};
    step(optimizer(new OptimizerSpec.AdamW(0.1, null, null, null, 0.5)), p, new float[] {1}, 0.1);
    // 2 * (1 - 0.1 * 0.5) - 0.1
    assertThat(p[0]).isCloseTo(1.8f, within(1e-5f));
  }

  @Test
  void sgdWithMomentumByHand() {
    float[] p = {1};
    Optimizer sgd = optimizer(new OptimizerSpec.Sgd(0.1, 0.5, false, 0.0));
    step(sgd, p, new float[] {2}, 0.1); // velocity 2
    assertThat(p[0]).isCloseTo(0.8f, within(1e-6f));
    step(sgd, p, new float[] {1}, 0.1); // velocity 2
    assertThat(p[0]).isCloseTo(0.6f, within(1e-6f));
    step(sgd, p, new float[] {0}, 0.01); // velocity 1
    assertThat(p[0]).isCloseTo(0.59f, within(1e-6f));
  }

  @Test
  void nesterovLooksAhead() {
    float[] p = {1};
    Optimizer sgd = optimizer(new OptimizerSpec.Sgd(0.1, 0.5, true, 0.0));
    step(sgd, p, new float[] {2}, 0.1); // 2 + 0.5 * 2
    assertThat(p[0]).isCloseTo(0.7f, within(1e-6f));
  }

  @Test
  void sgdAddsTheDecayToTheGradient() {
    float[] p = {2};
    step(optimizer(new OptimizerSpec.Sgd(0.1, 0.0, false, 0.25)), p, new float[] {1}, 0.1);
    assertThat(p[0]).isCloseTo(1.85f, within(1e-6f));
  }

  static Stream<Arguments> remembering() {
    return Stream.of(
        Arguments.of(new OptimizerSpec.Adam(0.1, null, null, null), "adam.first"),
        Arguments.of(new OptimizerSpec.Sgd(0.1, 0.9, false, 0.0), "sgd.velocity"));
  }

  /** As it is behind a ReLU that is never on again. */
  @ParameterizedTest
  @MethodSource("remembering")
  void whatIsRememberedOfAGradientThatEndedNeverBecomesDenormal(
      OptimizerSpec spec, String remembered) {
    Optimizer optimizer = optimizer(spec);
    float[] p = {1, 1, 1};
    step(optimizer, p, new float[] {0.5f, -1e-3f, 1e-15f}, 0.1);
    float[] values = new float[Optimizer.PIECE];
    for (int i = 0; i < 2_000; i++) {
      step(optimizer, p, new float[3], 0.1);
      Checkpoint state = new Checkpoint();
      optimizer.save(state);
      state.read(remembered, values);
      for (int k = 0; k < 3; k++) {
        float size = Math.abs(values[k]);
        assertThat(size == 0 || size * 1e-8f >= Float.MIN_NORMAL).as("%d: %s", i, size).isTrue();
      }
    }
    assertThat(Math.abs(values[0])).isLessThan(1e-27f);
  }

  private static Optimizer optimizer(OptimizerSpec spec) {
    return Optimizer.of(spec, 3);
  }

  private static void step(Optimizer optimizer, float[] p, float[] gradient, double rate) {
    optimizer.begin(rate);
    optimizer.move(p, gradient, 0, p.length);
  }
}
