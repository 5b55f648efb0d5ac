package io.retort.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class McNemarTestTest {

  @Test
  void countsOnlyRowsOnWhichTheyDiffer() {
    McNemarTest test =
        McNemarTest.of(
            new boolean[] {true, true, false, false, true},
            new boolean[] {true, false, true, false, false});
    assertThat(test.studentOnly()).isEqualTo(2);
    assertThat(test.twinOnly()).isEqualTo(1);
    assertThat(test.pValue()).isEqualTo(1);
    assertThat(test.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
  }

  @Test
  void tenAgainstNoneIsTwoIn1024() {
    McNemarTest test = pairs(10, 0);
    assertThat(test.pValue()).isCloseTo(2 / 1024.0, within(1e-12));
    assertThat(test.verdict()).isEqualTo(Verdict.BETTER);
    assertThat(pairs(0, 10).verdict()).isEqualTo(Verdict.WORSE);
  }

  @Test
  void fiveAgainstOneIsNotEnough() {
    // 2 * (C(6,0) + C(6,1)) / 2^6
    assertThat(pairs(5, 1).pValue()).isCloseTo(14 / 64.0, within(1e-12));
    assertThat(pairs(5, 1).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
  }

  @Test
  void modelsThatNeverDifferAreInconclusive() {
    assertThat(pairs(0, 0).pValue()).isEqualTo(1);
  }

  @Test
  void manyRowsNeitherOverflowNorTakeLong() {
    assertThat(pairs(300_000, 299_000).pValue()).isBetween(0.19, 0.20);
    assertThat(pairs(310_000, 290_000).pValue()).isLessThan(1e-100);
  }

  @Test
  void refusesUnpairedRows() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> McNemarTest.of(new boolean[1], new boolean[2]));
  }

  private static McNemarTest pairs(int studentOnly, int twinOnly) {
    boolean[] student = new boolean[studentOnly + twinOnly];
    boolean[] twin = new boolean[studentOnly + twinOnly];
    for (int i = 0; i < student.length; i++) {
      student[i] = i < studentOnly;
      twin[i] = i >= studentOnly;
    }
    return McNemarTest.of(student, twin);
  }
}
