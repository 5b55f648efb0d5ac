package io.retort.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MeasurementTest {

  private static final List<String> AB = List.of("a", "b");

  /** Probabilities 0.9, 0.6, 0.8 for what is predicted; right, wrong, right. */
  private static final float[][] THREE = {
    logits(0.9, 0.1), logits(0.6, 0.4), logits(0.2, 0.8),
  };

  private static final int[] LABELS = {0, 1, 1};

  @Test
  void measuresWhatAHandCanCompute() {
    Quality q = measure(THREE, LABELS, AB, null).quality();

    assertThat(q.accuracy()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(q.nll())
        .isCloseTo(-(Math.log(0.9) + Math.log(0.4) + Math.log(0.8)) / 3, within(1e-6));
    // three bins of one row each: |1-0.9|, |0-0.6|, |1-0.8|
    assertThat(q.ece()).isCloseTo((0.1 + 0.6 + 0.2) / 3, within(1e-6));
    assertThat(q.confusion()).containsExactly(List.of(1, 0), List.of(1, 1));
    assertThat(q.perClass())
        .containsExactly(
            new Quality.ClassAccuracy("a", 1.0, 1), new Quality.ClassAccuracy("b", 0.5, 2));
    assertThat(q.top5Accuracy()).isNull();
    assertThat(q.agreement()).isNull();
    assertThat(q.meanKl()).isNull();
  }

  @Test
  void rowsOfOneBinAreAveragedBeforeTheyAreCompared() {
    // two rows at 0.75: one right, one wrong: |0.5 - 0.75|
    float[][] rows = {logits(0.75, 0.25), logits(0.75, 0.25)};
    assertThat(measure(rows, new int[] {0, 1}, AB, null).quality().ece())
        .isCloseTo(0.25, within(1e-6));
  }

  @Test
  void comparesWithTheTeacher() {
    float[][] teacher = {logits(0.5, 0.5), logits(0.1, 0.9), logits(0.2, 0.8)};
    Quality q = measure(THREE, LABELS, AB, teacher).quality();

    // a tie goes to the first class, so rows 0 and 2 agree
    assertThat(q.agreement()).isCloseTo(2 / 3.0, within(1e-12));
    double first = 0.5 * Math.log(0.5 / 0.9) + 0.5 * Math.log(0.5 / 0.1);
    double second = 0.1 * Math.log(0.1 / 0.6) + 0.9 * Math.log(0.9 / 0.4);
    assertThat(q.meanKl()).isCloseTo((first + second) / 3, within(1e-6));
  }

  @Test
  void aModelAgreesWithItself() {
    Quality q = measure(THREE, LABELS, AB, THREE).quality();
    assertThat(q.agreement()).isEqualTo(1);
    assertThat(q.meanKl()).isZero();
  }

  @Test
  void countsTheFiveLargestWhereThereAreMoreClasses() {
    List<String> seven = List.of("0", "1", "2", "3", "4", "5", "6");
    float[] falling = {7, 6, 5, 4, 3, 2, 1};
    Quality q = measure(new float[][] {falling, falling}, new int[] {4, 5}, seven, null).quality();
    assertThat(q.top5Accuracy()).isEqualTo(0.5);
  }

  @Test
  void aClassWithoutRowsHasNoAccuracy() {
    Quality q = measure(THREE, new int[] {0, 0, 0}, AB, null).quality();
    assertThat(q.perClass().get(1).accuracy()).isNull();
  }

  @Test
  void hugeLogitsStayFinite() {
    float[][] huge = {{1e30f, -1e30f}, {-3e38f, 3e38f}};
    Quality q = measure(huge, new int[] {0, 1}, AB, huge).quality();
    assertThat(q.nll()).isZero();
    assertThat(q.meanKl()).isZero();
    assertThat(q.ece()).isZero();
  }

  @Test
  void refusesATeacherOfOtherRows() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> measure(THREE, LABELS, AB, new float[][] {{1, 2}}));
  }

  private static Measurement measure(
      float[][] rows, int[] labels, List<String> classes, float[][] teacher) {
    return Measurement.of(
        over(rows), i -> labels[i], classes, teacher == null ? null : over(teacher));
  }

  private static LogitRows over(float[][] rows) {
    return new LogitRows() {
      @Override
      public int rows() {
        return rows.length;
      }

      @Override
      public int classes() {
        return rows[0].length;
      }

      @Override
      public void read(int row, float[] into) {
        System.arraycopy(rows[row], 0, into, 0, into.length);
      }
    };
  }

  private static float[] logits(double... probabilities) {
    float[] z = new float[probabilities.length];
    IntStream.range(0, z.length).forEach(i -> z[i] = (float) Math.log(probabilities[i]));
    return z;
  }
}
