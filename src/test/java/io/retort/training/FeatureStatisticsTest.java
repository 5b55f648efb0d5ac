package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When features are so far from unit size that they are standardised unasked. */
class FeatureStatisticsTest {

  @ParameterizedTest
  @CsvSource({
    // two rows of two columns; root mean squares by hand
    "1, -1, 2, 0.5, false",
    // sqrt((1 + 16) / 2) = 2.92
    "1, 0, 4, 0, false",
    // sqrt((4 + 16) / 2) = 3.16, in the second column alone
    "0, 2, 0, 4, true",
    "0, -1980, 0, -2020, true",
    "0.09, 0.05, -0.08, 0, true",
    "0.09, 0.05, -0.11, 0, false",
    "0, 0, 0, 0, false",
    "3e38, 0, 3e38, 1, true"
  })
  void looksAtTheLargestColumnAndTheLargestNumber(
      float a, float b, float c, float d, boolean expected) {
    ArraySplit rows = new ArraySplit(new float[][] {{a, b}, {c, d}}, new int[] {0, 1});
    assertThat(FeatureStatistics.farFromUnitSize(rows)).isEqualTo(expected);
  }
}
