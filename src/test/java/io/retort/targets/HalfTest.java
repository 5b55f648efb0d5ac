package io.retort.targets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HalfTest {

  @Test
  void knownNumbers() {
    assertThat(Half.of(1f)).isEqualTo((short) 0x3c00);
    assertThat(Half.of(-2f)).isEqualTo((short) 0xc000);
    assertThat(Half.of(65_504f)).isEqualTo((short) 0x7bff);
    assertThat(Half.of(0x1p-24f)).isEqualTo((short) 1);
    assertThat(Half.of(0x1p-14f)).isEqualTo((short) 0x0400);
    assertThat(Half.of(1f / 3)).isEqualTo((short) 0x3555);
    assertThat(Half.of(-0f)).isEqualTo((short) 0x8000);
    // ties go to the even neighbour
    assertThat(Half.of(1 + 0x1p-11f)).isEqualTo((short) 0x3c00);
    assertThat(Half.of(1 + 3 * 0x1p-11f)).isEqualTo((short) 0x3c02);
  }

  @Test
  void everyFiniteHalfComesBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      if ((bits & 0x7c00) != 0x7c00) {
        float value = Half.value((short) bits);
        assertThat(Half.holds(value)).isTrue();
        assertThat(Half.of(value)).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void everyFloatGoesToItsNearestHalf() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 200_000; i++) {
      float value = (float) ((random.nextDouble() - 0.5) * Math.pow(2, random.nextInt(-26, 17)));
      short half = Half.of(value);
      float error = Math.abs(value - Half.value(half));
      for (int neighbour : new int[] {half - 1, half + 1}) {
        if ((neighbour & 0x7c00) != 0x7c00) {
          assertThat(Math.abs(value - Half.value((short) neighbour))).isGreaterThanOrEqualTo(error);
        }
      }
    }
    assertThat(Half.holds(65_519f)).isTrue();
    assertThat(Half.holds(65_520f)).isFalse();
    assertThat(Half.holds(-1e9f)).isFalse();
  }
}
