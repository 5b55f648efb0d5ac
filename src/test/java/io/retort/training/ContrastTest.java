package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retort.spec.RelationTerm;
import io.retort.testing.NeedsBackend;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Numbers from {@code golden/crd.py}: every row has all nine rows of other classes as negatives.
 */
@NeedsBackend
class ContrastTest {

  private static final List<List<Integer>> ROW = List.of(List.of(6));
  private static final double LOSS = 14.350298926753553;
  private static final double GRADIENT = 3.3467291080360404;
  private static final double FIRST = -0.3934938262003487;

  private static TermHarness golden() {
    TermHarness term =
        new TermHarness(
            TermTest.term("{\"type\": \"crd\", \"width\": 6, \"negatives\": 9}"),
            4,
            ROW,
            ROW,
            DataType.DOUBLE);
    for (int part = 0; part < 4; part += 2) {
      term.identity(part, 6);
      term.constant(part + 1, 0);
    }
    term.student(0, (i, d, p) -> Math.sin(1 + 1.7 * i + .9 * d));
    term.teacher(0, (i, d, p) -> Math.cos(.5 + 2.3 * i + 1.1 * d));
    Map<String, float[]> state = state(term);
    for (int i = 0; i < TermHarness.ROWS * 6; i++) {
      int r = i / 6;
      int d = i % 6;
      state.get("student")[i] = (float) (.4 * Math.sin(.3 + 1.3 * r + .7 * d));
      state.get("teacher")[i] = (float) (.4 * Math.cos(.2 + 1.1 * r + 1.9 * d));
    }
    term.draw(1);
    return term;
  }

  private static Map<String, float[]> state(TermHarness term) {
    return Objects.requireNonNull(term.memory).state();
  }

  @Test
  void agreesWithTheFormulaTakenRowByRow() {
    try (TermHarness term = golden()) {
      assertThat(term.loss()).isCloseTo(LOSS, within(1e-6 * LOSS));
      assertThat((double) state(term).get("teacher.constant")[0])
          .isCloseTo(19.558304672282453, within(1e-5));
      assertThat((double) state(term).get("student.constant")[0])
          .isCloseTo(6115.468916179394, within(1e-3));
      INDArray gradient = term.gradients.get("0");
      assertThat(gradient.norm2Number().doubleValue()).isCloseTo(GRADIENT, within(1e-6 * GRADIENT));
      assertThat(gradient.getDouble(0)).isCloseTo(FIRST, within(1e-6 * GRADIENT));
    }
  }

  @Test
  void remembersARowHalfwayBetweenWhatItWasAndWhatItIs() {
    try (TermHarness term = golden()) {
      term.loss();
      float untouched = state(term).get("student")[5 * 6];
      term.memory.learn(TermHarness.order(), 0, term.terms.arrays(0));
      assertThat((double) state(term).get("student")[0])
          .isCloseTo(0.4002555712484174, within(1e-6));
      assertThat(state(term).get("student")[5 * 6]).isEqualTo(untouched);
    }
  }

  /** Z is that of the first batch, so another draw of the same rows gives the same loss. */
  @Test
  void keepsTheConstantsOfTheFirstBatch() {
    try (TermHarness term = golden()) {
      term.loss();
      float first = state(term).get("teacher.constant")[0];
      term.student(0, (i, d, p) -> Math.sin(3 + i + d));
      term.draw(2);
      term.loss();
      assertThat(state(term).get("teacher.constant")[0]).isEqualTo(first);
    }
  }

  @Test
  void takesAsManyNegativesAsThereAreUnlessToldOtherwise() {
    RelationTerm.Contrast left = (RelationTerm.Contrast) TermTest.named("crd");
    assertThat(left.among(300).negatives()).isEqualTo(300);
    assertThat(left.among(30_000).negatives()).isEqualTo(16384);
    RelationTerm.Contrast told =
        (RelationTerm.Contrast) TermTest.term("{\"type\": \"crd\", \"negatives\": 500}");
    assertThat(told.among(300).negatives()).isEqualTo(500);
  }
}
