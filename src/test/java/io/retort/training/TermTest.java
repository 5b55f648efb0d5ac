package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.retort.spec.FeatureTerm;
import io.retort.spec.RelationTerm;
import io.retort.spec.SpecReader;
import io.retort.spec.TermSpec;
import io.retort.training.TermHarness.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import tools.jackson.databind.JsonNode;

/** Feature and relation terms through their captured graph. */
class TermTest {

  private static final Path GOLDEN = Path.of("../shared/golden/objectives.json");
  private static final List<Integer> ROW = List.of(6);
  private static final List<Integer> MAP = List.of(3, 2, 2);

  // the inputs of the golden values
  private static final Values ROWS_S = (i, d, p) -> Math.sin(1 + 1.7 * i + .9 * d);
  private static final Values ROWS_T = (i, d, p) -> Math.cos(.5 + 2.3 * i + 1.1 * d);
  private static final Values MAPS_S = (i, c, p) -> Math.sin(1 + 1.7 * i + .9 * c + .37 * p);
  private static final Values MAPS_T = (i, c, p) -> Math.cos(.5 + 2.3 * i + 1.1 * c + .53 * p);

  static TermSpec term(String json) {
    return SpecReader.mapper().readValue(json, TermSpec.class);
  }

  static TermSpec named(String type) {
    return term("{\"type\": \"" + type + "\"}");
  }

  static Stream<Arguments> golden() {
    return Stream.of(
        Arguments.of("FitNet MSE", named("hint"), false),
        Arguments.of("SP", named("similarity"), false),
        Arguments.of("CC", term("{\"type\": \"correlation\", \"width\": 6}"), false),
        Arguments.of("RKD-D", named("rkd-distance"), false),
        Arguments.of("RKD-A", named("rkd-angle"), false),
        Arguments.of("PKT", named("pkt"), false),
        Arguments.of("AT", named("attention-transfer"), true),
        Arguments.of("FT factor", term("{\"type\": \"factor-transfer\", \"rate\": 1}"), true),
        Arguments.of("NST", named("neuron-selectivity"), true),
        Arguments.of("AB layer (x3/1000/B)", named("activation-boundaries"), true),
        Arguments.of("VID (identity reg, var=5)", named("variational-information"), true));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("golden")
  void agreesWithTheGoldenValues(String name, TermSpec spec, boolean map) {
    List<List<Integer>> shape = List.of(map ? MAP : ROW);
    try (TermHarness term = new TermHarness(spec, 4, shape, shape, DataType.DOUBLE)) {
      term.student(0, map ? MAPS_S : ROWS_S);
      term.teacher(0, map ? MAPS_T : ROWS_T);
      neutral(term, spec);
      assertGolden(name, term);
    }
  }

  /** The second map of the student is held fixed by the golden value. */
  @Test
  void flowAgreesWithTheGoldenValue() {
    try (TermHarness term =
        new TermHarness(named("flow"), 4, List.of(MAP, MAP), List.of(MAP, MAP), DataType.DOUBLE)) {
      term.student(0, MAPS_S);
      term.student(1, MAPS_S);
      term.teacher(0, MAPS_T);
      term.teacher(1, MAPS_T);
      assertGolden("FSP pair", term);
    }
  }

  /** A student that always guesses 1/2, so that only the averages of the teacher's maps count. */
  @Test
  void reviewComparesAveragesOverAllWindows() {
    List<List<Integer>> line = List.of(List.of(2, 1, 9));
    Values teacher = (i, c, p) -> Math.sin(1 + i + 3 * c) * p;
    try (TermHarness term = new TermHarness(named("review"), 3, line, line, DataType.DOUBLE)) {
      term.student(0, (i, c, p) -> Math.cos(i + 2 * c + 5 * p));
      term.teacher(0, teacher);
      term.constant(5, 0);
      term.constant(6, 0.5);
      double expected = 0;
      double weight = 1;
      double weights = 0;
      for (int windows : new int[] {9, 4, 2, 1}) {
        expected += weight * meanSquare(teacher, windows);
        weights += weight;
        weight /= 2;
      }
      assertThat(term.loss()).isCloseTo(expected / weights, within(1e-12));
    }
  }

  /** Of 1/2 minus the averages over so many windows of 9 positions. */
  private static double meanSquare(Values values, int windows) {
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      for (int c = 0; c < 2; c++) {
        for (int w = 0; w < windows; w++) {
          int first = w * 9 / windows;
          int end = (int) Math.ceil((w + 1) * 9.0 / windows);
          double mean = 0;
          for (int p = first; p < end; p++) {
            mean += values.at(i, c, p) / (end - first);
          }
          sum += (0.5 - mean) * (0.5 - mean);
        }
      }
    }
    return sum / (3 * 2 * windows);
  }

  private static void assertGolden(String name, TermHarness term) {
    assumeTrue(Files.exists(GOLDEN), "the golden values are not here");
    JsonNode golden = SpecReader.mapper().readTree(GOLDEN.toFile()).get(name);
    double expected = golden.get("loss").doubleValue();
    assertThat(term.loss()).isCloseTo(expected, within(1e-6 * Math.abs(expected)));
    INDArray gradient = term.gradients.get("0");
    double norm = golden.get("grad_l2").doubleValue();
    assertThat(gradient.norm2Number().doubleValue()).isCloseTo(norm, within(1e-6 * norm));
    assertThat(gradient.getDouble(0))
        .isCloseTo(golden.get("grad00").doubleValue(), within(1e-6 * norm));
  }

  /** Connectors that hand on what they get, as the golden values have it. */
  private static void neutral(TermHarness term, TermSpec spec) {
    if (spec instanceof RelationTerm.Correlation) {
      identities(term, 6, 0, 2);
    } else if (spec instanceof FeatureTerm.FactorTransfer) {
      identities(term, 3, 0, 2, 4);
    } else if (spec instanceof FeatureTerm.ActivationBoundaries) {
      identities(term, 3, 0);
    } else if (spec instanceof FeatureTerm.VariationalInformation) {
      identities(term, 3, 0, 2, 4);
      term.constant(1, 10); // above 0, so that ReLU lets everything pass
      term.constant(5, -10);
      term.constant(6, 0);
    }
  }

  private static void identities(TermHarness term, int width, int... parts) {
    for (int n : parts) {
      term.identity(n, width);
      term.constant(n + 1, 0);
    }
  }

  private static final List<List<Integer>> WIDE = List.of(List.of(7));
  private static final List<List<Integer>> MAPS = List.of(List.of(3, 4, 6), List.of(4, 2, 3));
  private static final List<List<Integer>> LARGER = List.of(List.of(3, 4, 6), List.of(4, 3, 5));
  private static final List<List<Integer>> LINES = List.of(List.of(2, 1, 9), List.of(3, 1, 5));

  static Stream<Arguments> shapes() {
    List<Arguments> all = new ArrayList<>();
    for (String type :
        List.of("rkd-distance", "rkd-angle", "similarity", "pkt", "correlation", "crd", "hint")) {
      for (int batch : List.of(2, 3, 5)) {
        if (batch > 2 || !type.equals("rkd-angle")) {
          all.add(Arguments.of(type, batch, List.of(ROW), WIDE));
        }
      }
    }
    for (String type :
        List.of(
            "attention-transfer",
            "neuron-selectivity",
            "variational-information",
            "activation-boundaries",
            "review")) {
      all.add(Arguments.of(type, 2, MAPS, LARGER));
      all.add(Arguments.of(type, 3, LINES, List.of(List.of(3, 1, 9), List.of(2, 1, 5))));
    }
    all.add(Arguments.of("flow", 2, MAPS, LARGER));
    all.add(Arguments.of("hint", 2, LINES.subList(0, 1), LARGER.subList(0, 1)));
    all.add(Arguments.of("hint", 3, List.of(ROW), LARGER.subList(1, 2)));
    all.add(Arguments.of("factor-transfer", 2, MAPS.subList(0, 1), LARGER.subList(1, 2)));
    all.add(Arguments.of("variational-information", 2, List.of(ROW), WIDE));
    all.add(Arguments.of("activation-boundaries", 2, List.of(ROW), WIDE));
    all.add(Arguments.of("rkd-distance", 3, MAPS.subList(0, 1), WIDE));
    all.add(Arguments.of("crd", 1, MAPS.subList(0, 1), WIDE));
    all.add(Arguments.of("similarity", 3, MAPS.subList(0, 1), LARGER.subList(0, 1)));
    return all.stream();
  }

  @ParameterizedTest(name = "{0}, batch {1}, {2} and {3}")
  @MethodSource("shapes")
  void itsGradientsAgreeWithFiniteDifferences(
      String type, int batch, List<List<Integer>> student, List<List<Integer>> teacher) {
    SplittableRandom random = new SplittableRandom(3);
    try (TermHarness term =
        new TermHarness(small(type), batch, student, teacher, DataType.DOUBLE)) {
      for (int t = 0; t < student.size(); t++) {
        term.student(t, (i, c, p) -> random.nextGaussian());
        term.teacher(t, (i, c, p) -> random.nextGaussian());
      }
      assertThat(term.loss()).isFinite();
      for (String tap : term.taps.keySet()) {
        assertDerivative(term, term.taps.get(tap), term.gradients.get(tap), type);
      }
      if (term.parts != null && !type.equals("factor-transfer")) {
        assertDerivative(term, term.parts.vector(), term.partGradients.vector(), type);
      }
    }
  }

  /** Few embeddings, so that no kink of |x| lies within a step of the differences. */
  static TermSpec small(String type) {
    return type.equals("correlation")
        ? term("{\"type\": \"correlation\", \"width\": 6}")
        : named(type);
  }

  private static void assertDerivative(
      TermHarness term, INDArray at, INDArray gradient, String name) {
    term.loss();
    INDArray g = gradient.dup().reshape(at.length());
    INDArray x = at.reshape(at.length());
    double h = 1e-6;
    long stride = Math.max(1, at.length() / 24);
    for (long i = 0; i < at.length(); i += stride) {
      double value = x.getDouble(i);
      x.putScalar(i, value + h);
      double up = term.loss();
      x.putScalar(i, value - h);
      double down = term.loss();
      x.putScalar(i, value);
      double slope = (up - down) / (2 * h);
      assertThat(g.getDouble(i))
          .as("%s at %d", name, i)
          .isCloseTo(slope, within(1e-7 * Math.max(1, Math.abs(slope))));
    }
  }

  static Stream<Arguments> hardCases() {
    List<Arguments> all = new ArrayList<>();
    Values nothing = (i, c, p) -> 0;
    Values alike = (i, c, p) -> Math.sin(1 + c + 3 * p);
    Values apart = (i, c, p) -> Math.cos(2 + 3 * i + c + 2 * p);
    for (Arguments shape : shapes().toList()) {
      for (Values s : List.of(nothing, alike, apart)) {
        for (Values t : List.of(nothing, alike, apart)) {
          Object[] given = shape.get();
          all.add(Arguments.of(given[0], given[1], given[2], given[3], s, t));
        }
      }
    }
    return all.stream();
  }

  /** Features that are all 0 or all the same, on either side. */
  @Test
  void staysFiniteWhereRowsAreEmptyOrAlike() {
    hardCases()
        .forEach(
            given -> {
              Object[] g = given.get();
              staysFinite((String) g[0], (int) g[1], shapes(g[2]), shapes(g[3]), g[4], g[5]);
            });
  }

  @SuppressWarnings("unchecked")
  private static List<List<Integer>> shapes(Object given) {
    return (List<List<Integer>>) given;
  }

  private static void staysFinite(
      String type,
      int batch,
      List<List<Integer>> student,
      List<List<Integer>> teacher,
      Object s,
      Object t) {
    try (TermHarness term =
        new TermHarness(small(type), batch, student, teacher, DataType.DOUBLE)) {
      for (int tap = 0; tap < student.size(); tap++) {
        term.student(tap, (Values) s);
        term.teacher(tap, (Values) t);
      }
      assertThat(term.loss()).as(type).isFinite();
      for (INDArray gradient : term.gradients.values()) {
        assertThat(gradient.amaxNumber().doubleValue()).as(type).isFinite().isLessThan(1e6);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rkd-distance", "rkd-angle", "pkt", "attention-transfer"})
  void isUnmovedByScale(String type) {
    boolean map = type.equals("attention-transfer");
    List<List<Integer>> shape = List.of(map ? MAP : ROW);
    try (TermHarness term = new TermHarness(named(type), 4, shape, shape, DataType.DOUBLE)) {
      term.student(0, MAPS_S);
      term.teacher(0, MAPS_T);
      double before = term.loss();
      term.student(0, (i, c, p) -> 7 * MAPS_S.at(i, c, p));
      term.teacher(0, (i, c, p) -> 0.2 * MAPS_T.at(i, c, p));
      assertThat(term.loss()).isCloseTo(before, within(1e-6 * before));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rkd-distance", "rkd-angle"})
  void isUnmovedByRotationAndShift(String type) {
    List<List<Integer>> shape = List.of(ROW);
    try (TermHarness term = new TermHarness(named(type), 4, shape, shape, DataType.DOUBLE)) {
      term.student(0, ROWS_S);
      term.teacher(0, ROWS_T);
      double before = term.loss();
      double cos = Math.cos(0.8);
      double sin = Math.sin(0.8);
      term.student(
          0,
          (i, d, p) -> {
            double x = ROWS_S.at(i, d, p);
            double other = ROWS_S.at(i, d ^ 1, p);
            return 5 + (d % 2 == 0 ? cos * x - sin * other : cos * x + sin * other);
          });
      assertThat(term.loss()).isCloseTo(before, within(1e-9));
    }
  }

  /** What training runs: kernels of oneDNN where there are any. */
  @Test
  void singlePrecisionWithKernelsComesCloseToDoublePrecision() {
    shapes().forEach(given -> compare(given.get()));
  }

  private static void compare(Object[] given) {
    String type = (String) given[0];
    Values s = (i, c, p) -> Math.sin(1 + 2 * i + 3 * c + 5 * p);
    Values t = (i, c, p) -> Math.cos(4 + i + 7 * c + 2 * p);
    double[][] found = new double[2][];
    for (DataType precision : List.of(DataType.DOUBLE, DataType.FLOAT)) {
      try (TermHarness term =
          new TermHarness(
              small(type), (int) given[1], shapes(given[2]), shapes(given[3]), precision)) {
        for (int tap = 0; tap < term.student.size(); tap++) {
          term.student(tap, s);
          term.teacher(tap, t);
        }
        double loss = term.loss();
        double length = term.gradients.get("0").norm2Number().doubleValue();
        found[precision == DataType.DOUBLE ? 0 : 1] = new double[] {loss, length};
      }
    }
    for (int i = 0; i < 2; i++) {
      assertThat(found[1][i])
          .as("%s, %s", type, given[2])
          .isCloseTo(found[0][i], within(1e-5 + 1e-3 * Math.abs(found[0][i])));
    }
  }
}
