package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.retort.spec.ObjectiveSpec;
import io.retort.spec.ObjectiveSpec.Convention;
import io.retort.spec.ObjectiveSpec.Distillation;
import io.retort.spec.SpecReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ResponseObjectiveTest {

  private static final Path GOLDEN = Path.of("../shared/golden/objectives.json");
  private static final int ROWS = 4;
  private static final int CLASSES = 5;
  private static final int[] LABELS = {0, 1, 2, 3};

  /** The inputs of the golden values. */
  private static double[] student() {
    double[] z = new double[ROWS * CLASSES];
    for (int i = 0; i < z.length; i++) {
      z[i] = 2 * Math.sin(1 + 3 * (i / CLASSES) + 5 * (i % CLASSES));
    }
    return z;
  }

  private static double[] teacher() {
    double[] z = new double[ROWS * CLASSES];
    for (int i = 0; i < z.length; i++) {
      z[i] = 3 * Math.cos(2 + 2 * (i / CLASSES) + 7 * (i % CLASSES));
    }
    return z;
  }

  @ParameterizedTest
  @CsvSource({"CE, 0, 1", "KD T=4, 1, 0"})
  void agreesWithTheGoldenValues(String name, double alpha, double beta) {
    assumeTrue(Files.exists(GOLDEN), "the golden values are not here");
    JsonNode golden = SpecReader.mapper().readTree(GOLDEN.toFile()).get(name);
    double[] gradient = new double[ROWS * CLASSES];
    double loss =
        objective(Distillation.KL, 4, alpha, beta, true, 1)
            .evaluate(student(), teacher(), LABELS, ROWS, gradient);
    assertThat(loss).isCloseTo(golden.get("loss").doubleValue(), within(1e-8));
    assertThat(gradient[0]).isCloseTo(golden.get("grad00").doubleValue(), within(1e-8));
    double norm = Math.sqrt(DoubleStream.of(gradient).map(g -> g * g).sum());
    assertThat(norm).isCloseTo(golden.get("grad_l2").doubleValue(), within(1e-8));
  }

  @ParameterizedTest
  @CsvSource({
    "KL, 4, 0.9, 0.1, true, 1",
    "KL, 0.5, 1, 0, false, 1",
    "KL, 3, 0.5, 0.5, false, 3",
    "KL, 20, 2, 7, true, 0.3",
    "MSE, 4, 0.9, 0.1, true, 1",
    "MSE, 1, 1, 0, false, 1",
    "KL, 1, 0, 1, false, 2.5"
  })
  void itsGradientAgreesWithFiniteDifferences(
      Distillation d, double tau, double alpha, double beta, boolean squared, double hard) {
    ResponseObjective objective = objective(d, tau, alpha, beta, squared, hard);
    double[] z = student();
    double[] gradient = new double[z.length];
    double loss = objective.evaluate(z, teacher(), LABELS, ROWS, gradient);
    // the difference of two large losses is only as exact as they are
    double tolerance = 1e-8 * Math.max(1, Math.abs(loss));
    for (int i = 0; i < z.length; i++) {
      double h = 1e-6;
      double[] up = z.clone();
      double[] down = z.clone();
      up[i] += h;
      down[i] -= h;
      double slope =
          (objective.evaluate(up, teacher(), LABELS, ROWS, null)
                  - objective.evaluate(down, teacher(), LABELS, ROWS, null))
              / (2 * h);
      assertThat(gradient[i]).isCloseTo(slope, within(tolerance));
    }
  }

  @Test
  void meanSquaredDifferenceIsOverRowsAndClasses() {
    ResponseObjective objective = objective(Distillation.MSE, 4, 1, 0, true, 1);
    double[] gradient = new double[4];
    double loss =
        new ResponseObjective(spec(Distillation.MSE, 4, 1, 0, true, 1), 2)
            .evaluate(
                new double[] {1, 2, 3, 4},
                new double[] {1, 0, 0, 4},
                new int[] {0, 1},
                2,
                gradient);
    assertThat(loss).isEqualTo((4 + 9) / 4.0);
    assertThat(gradient).containsExactly(0, 1, 1.5, 0);
    assertThat(objective.needsTeacher()).isTrue();
  }

  @Test
  void partsAreReportedBeforeTheirWeights() {
    ResponseObjective objective = objective(Distillation.KL, 4, 0.9, 0.1, true, 1);
    double loss = objective.evaluate(student(), teacher(), LABELS, ROWS, null);
    assertThat(loss)
        .isCloseTo(
            0.9 * objective.distillationLoss() + 0.1 * objective.studentLoss(), within(1e-12));
  }

  @Test
  void hugeLogitsStayFinite() {
    double[] z = {1e30, -1e30, 1e4, -1e4};
    double[] t = {-1e30, 1e30, -1e4, 1e4};
    double[] gradient = new double[4];
    double loss =
        new ResponseObjective(spec(Distillation.KL, 4, 0.9, 0.1, true, 1), 2)
            .evaluate(z, t, new int[] {1, 1}, 2, gradient);
    assertThat(loss).isFinite();
    assertThat(Arrays.stream(gradient).allMatch(Double::isFinite)).isTrue();
  }

  @Test
  void aStudentLikeItsTeacherHasNothingToLearnFromIt() {
    double[] gradient = new double[ROWS * CLASSES];
    double loss =
        objective(Distillation.KL, 2, 1, 0, true, 1)
            .evaluate(teacher(), teacher(), LABELS, ROWS, gradient);
    assertThat(loss).isCloseTo(0, within(1e-15));
    assertThat(gradient).containsOnly(0);
  }

  private static ResponseObjective objective(
      Distillation d, double tau, double alpha, double beta, boolean squared, double hard) {
    return new ResponseObjective(spec(d, tau, alpha, beta, squared, hard), CLASSES);
  }

  private static ObjectiveSpec spec(
      Distillation d, double tau, double alpha, double beta, boolean squared, double hard) {
    return new ObjectiveSpec(d, tau, alpha, beta, Convention.HINTON, squared, hard);
  }
}
