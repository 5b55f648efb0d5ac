package io.retort.evaluation;

import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * McNemar's exact test of two models on the same rows: of the rows that one of them got right and
 * the other wrong, each model should win half if they are equally good (McNemar, 1947).
 *
 * @param studentOnly rows that only the student got right
 * @param twinOnly rows that only the twin got right
 * @param pValue two-sided, from the binomial distribution, 0..1; 1 where they never differ
 */
public record McNemarTest(int studentOnly, int twinOnly, double pValue) {

  private static final double SIGNIFICANCE = 0.05;

  /**
   * Tests two models on the same rows.
   *
   * @param student for each row whether the student was right
   * @param twin the same of the twin, of the same length
   */
  public static McNemarTest of(boolean[] student, boolean[] twin) {
    if (student.length != twin.length) {
      throw new IllegalArgumentException(
          "paired rows wanted: " + student.length + " and " + twin.length);
    }
    int studentOnly = 0;
    int twinOnly = 0;
    for (int i = 0; i < student.length; i++) {
      studentOnly += student[i] && !twin[i] ? 1 : 0;
      twinOnly += twin[i] && !student[i] ? 1 : 0;
    }
    return new McNemarTest(studentOnly, twinOnly, pValue(studentOnly, twinOnly));
  }

  private static double pValue(int studentOnly, int twinOnly) {
    int discordant = studentOnly + twinOnly;
    if (discordant == 0) {
      return 1;
    }
    double tail =
        new BinomialDistribution(null, discordant, 0.5)
            .cumulativeProbability(Math.min(studentOnly, twinOnly));
    return Math.min(1, 2 * tail);
  }

  /** The verdict at 5 %. */
  public Verdict verdict() {
    if (pValue >= SIGNIFICANCE) {
      return Verdict.INCONCLUSIVE;
    }
    return studentOnly > twinOnly ? Verdict.BETTER : Verdict.WORSE;
  }
}
