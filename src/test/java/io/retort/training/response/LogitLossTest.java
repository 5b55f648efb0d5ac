package io.retort.training.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.retort.spec.SpecReader;
import io.retort.spec.TermSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class LogitLossTest {

  private static final Path GOLDEN = Path.of("../shared/golden/objectives.json");
  private static final int ROWS = 4;
  private static final int CLASSES = 5;
  private static final int[] LABELS = {0, 1, 2, 3};

  /** The inputs of the golden values. */
  private static double[] student() {
    return logits((i, k) -> 2 * Math.sin(1 + 3 * i + 5 * k));
  }

  private static double[] teacher() {
    return logits((i, k) -> 3 * Math.cos(2 + 2 * i + 7 * k));
  }

  private interface Values {
    double at(int row, int column);
  }

  private static double[] logits(Values values) {
    double[] z = new double[ROWS * CLASSES];
    for (int i = 0; i < z.length; i++) {
      z[i] = values.at(i / CLASSES, i % CLASSES);
    }
    return z;
  }

  private static LogitLoss loss(String json, int classes) {
    return LogitLoss.of(SpecReader.mapper().readValue(json, TermSpec.class), classes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "KD T=4 | {\"type\": \"kl\", \"tau\": 4}",
        "LS-KD T=2 | {\"type\": \"kl\", \"tau\": 2, \"standardize\": true}",
        "DKD a=1 b=8 T=4 | {\"type\": \"dkd\"}",
        "TCKD | {\"type\": \"dkd\", \"beta\": 0}",
        "NCKD | {\"type\": \"dkd\", \"alpha\": 0, \"beta\": 1}",
        "DIST b=1 g=1 tau=1 | {\"type\": \"dist\", \"tau\": 1}",
        "DIST tau=4 | {\"type\": \"dist\", \"tau\": 4}"
      })
  void agreesWithTheGoldenValues(String name, String json) {
    assumeTrue(Files.exists(GOLDEN), "the golden values are not here");
    JsonNode golden = SpecReader.mapper().readTree(GOLDEN.toFile()).get(name);
    double[] gradient = new double[ROWS * CLASSES];
    double loss = loss(json, CLASSES).add(student(), teacher(), LABELS, ROWS, 1, gradient);
    assertThat(loss).isCloseTo(golden.get("loss").doubleValue(), within(1e-9 * Math.abs(loss)));
    assertThat(gradient[0]).isCloseTo(golden.get("grad00").doubleValue(), within(1e-9));
    double norm = Math.sqrt(DoubleStream.of(gradient).map(g -> g * g).sum());
    assertThat(norm).isCloseTo(golden.get("grad_l2").doubleValue(), within(1e-9 * norm));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\": \"kl\", \"tau\": 3}",
        "{\"type\": \"kl\", \"tau\": 2, \"standardize\": true}",
        "{\"type\": \"mse\"}",
        "{\"type\": \"jensen-shannon\", \"tau\": 2}",
        "{\"type\": \"dkd\", \"tau\": 2}",
        "{\"type\": \"dist\", \"tau\": 1.5}"
      })
  void itsGradientAgreesWithFiniteDifferences(String json) {
    SplittableRandom random = new SplittableRandom(4);
    for (int rows : new int[] {1, 2, 5}) {
      for (int classes : new int[] {2, 3, 7}) {
        LogitLoss loss = loss(json, classes);
        double[] s = random.doubles((long) rows * classes, -2, 2).toArray();
        double[] t = random.doubles((long) rows * classes, -3, 3).toArray();
        int[] labels = random.ints(rows, 0, classes).toArray();
        double[] gradient = new double[s.length];
        loss.add(s, t, labels, rows, 1.7, gradient);
        for (int i = 0; i < s.length; i++) {
          double h = 1e-6;
          double z = s[i];
          s[i] = z + h;
          double up = loss.add(s, t, labels, rows, 1, null);
          s[i] = z - h;
          double down = loss.add(s, t, labels, rows, 1, null);
          s[i] = z;
          assertThat(gradient[i])
              .as("%s, %d rows, %d classes, at %d", json, rows, classes, i)
              .isCloseTo(1.7 * (up - down) / (2 * h), within(1e-7));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\": \"kl\", \"standardize\": true}",
        "{\"type\": \"jensen-shannon\"}",
        "{\"type\": \"dkd\"}",
        "{\"type\": \"dist\"}"
      })
  void staysFiniteWhereRowsAreConstantOrHugeOrAlike(String json) {
    double[][] hard = {
      new double[15],
      logitsOf(1e30, -1e30),
      logitsOf(1e4, 0),
      {1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5}
    };
    for (double[] s : hard) {
      for (double[] t : hard) {
        double[] gradient = new double[15];
        double loss = loss(json, 5).add(s, t, new int[] {1, 1, 1}, 3, 1, gradient);
        assertThat(loss).isFinite();
        assertThat(gradient).doesNotContain(Double.NaN);
        assertThat(Arrays.stream(gradient).allMatch(Double::isFinite)).isTrue();
      }
    }
  }

  private static double[] logitsOf(double a, double b) {
    double[] z = new double[15];
    for (int i = 0; i < z.length; i++) {
      z[i] = i % 2 == 0 ? a : b;
    }
    return z;
  }

  @Test
  void standardisedLogitsHaveNeitherShiftNorScale() {
    String json = "{\"type\": \"kl\", \"tau\": 2, \"standardize\": true}";
    double plain = loss(json, CLASSES).add(student(), teacher(), LABELS, ROWS, 1, null);
    double[] moved = Arrays.stream(teacher()).map(z -> 3 * z - 40).toArray();
    assertThat(loss(json, CLASSES).add(student(), moved, LABELS, ROWS, 1, null))
        .isCloseTo(plain, within(1e-6 * plain));
  }

  /** What DIST's correlation is for: probabilities may be shifted and scaled. */
  @Test
  void distIsUnmovedByScaleAndShiftOfProbabilities() {
    double[] q = new double[ROWS * CLASSES];
    double[] logs = new double[CLASSES];
    double[] row = new double[CLASSES];
    double[] moved = new double[q.length];
    for (int r = 0; r < ROWS; r++) {
      Softmax.of(teacher(), r * CLASSES, 1, logs, row);
      for (int c = 0; c < CLASSES; c++) {
        q[r * CLASSES + c] = Math.log(row[c]);
        moved[r * CLASSES + c] = Math.log(0.3 * row[c] + 0.7 / CLASSES);
      }
    }
    String json = "{\"type\": \"dist\", \"tau\": 1}";
    double plain = loss(json, CLASSES).add(student(), q, LABELS, ROWS, 1, null);
    assertThat(loss(json, CLASSES).add(student(), moved, LABELS, ROWS, 1, null))
        .isCloseTo(plain, within(1e-5 * plain));
  }

  @Test
  void jensenAndShannonsIsTheSameEitherWay() {
    String json = "{\"type\": \"jensen-shannon\", \"tau\": 3}";
    assertThat(loss(json, CLASSES).add(student(), teacher(), LABELS, ROWS, 1, null))
        .isCloseTo(
            loss(json, CLASSES).add(teacher(), student(), LABELS, ROWS, 1, null), within(1e-12));
  }
}
