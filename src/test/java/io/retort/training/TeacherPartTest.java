package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retort.plan.CapturedPlan;
import io.retort.plan.GraphCut;
import io.retort.plan.NativeMemory;
import io.retort.spec.RelationTerm;
import io.retort.spec.TermSpec;
import io.retort.teacher.SoftTargets;
import io.retort.testing.NeedsBackend;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is computed apart from the step, against the terms' graph over the taps of each batch. */
@NeedsBackend(cpu = true)
class TeacherPartTest {

  private static final int ROWS = 17;

  private final NativeMemory memory = new NativeMemory();

  @AfterEach
  void close() {
    memory.close();
  }

  /** In batches of any rows in any order, repeated ones too. */
  @ParameterizedTest(name = "{0}, batch {1}, {2} and {3}")
  @MethodSource("io.retort.training.TermTest#shapes")
  void saysWhatTheGraphSaysOfTheTaps(
      String type, int batch, List<List<Integer>> student, List<List<Integer>> teacher) {
    TermNetwork network = network(type, batch, student, teacher);
    Map<String, SoftTargets> taps = taps(teacher);
    GraphCut cut = network.cut();
    GraphCut whole = cut.withoutRows(taps.keySet());
    Map<String, SoftTargets> rows = TeacherRows.of(network, cut, taps, ROWS, memory);
    TeacherBatch fromRows = memory.own(new TeacherBatch(network, cut, true));
    TeacherBatch fromTaps = memory.own(new TeacherBatch(network, whole, true));
    Map<String, INDArray> bound = new HashMap<>();
    taps.keySet().forEach(tap -> bound.put(tap, memory.array(DataType.FLOAT, cut.shape(tap))));
    CapturedPlan plain = memory.own(network.capture(bound, taps.keySet(), cut.inputs(), false));
    SplittableRandom random = new SplittableRandom(4);
    for (int round = 0; round < 5; round++) {
      int[] order = random.ints(batch + 3, 0, ROWS).toArray();
      taps.forEach((tap, v) -> v.gather(order, 3, batch, bound.get(tap).data().asNioFloat()));
      plain.replay(0);
      fromRows.compute(rows, order, 3);
      fromTaps.compute(taps, order, 3);
      for (String variable : cut.inputs()) {
        float[] expected = floats(plain.array(variable));
        float[] exact = floats(fromRows.array(variable));
        assertThat(exact).as(variable).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
          // the distance of a row that comes twice to itself is the root of what rounding leaves
          assertThat(exact[i]).as(variable).isCloseTo(expected[i], within(1e-3f));
          assertThat(floats(fromTaps.array(variable))[i]).isCloseTo(expected[i], within(1e-3f));
        }
      }
    }
  }

  private static float[] floats(INDArray array) {
    return array.reshape(array.length()).toFloatVector();
  }

  private TermNetwork network(
      String type, int batch, List<List<Integer>> student, List<List<Integer>> teacher) {
    List<String> names = IntStream.range(0, student.size()).mapToObj(Integer::toString).toList();
    TermSpec term = TermTest.small(type).withTaps(names, names);
    if (term instanceof RelationTerm.Contrast contrast) {
      term = contrast.among(9);
    }
    Map<String, List<Integer>> ours = new HashMap<>();
    Map<String, List<Integer>> theirs = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      ours.put(names.get(i), student.get(i));
      theirs.put(names.get(i), teacher.get(i));
    }
    return memory.own(
        TermNetwork.build(
            List.of(term), new TermNetwork.Shapes(ours, theirs, ROWS), batch, DataType.FLOAT));
  }

  private static Map<String, SoftTargets> taps(List<List<Integer>> shapes) {
    Map<String, SoftTargets> taps = new HashMap<>();
    for (int i = 0; i < shapes.size(); i++) {
      int width = shapes.get(i).stream().reduce(1, (a, b) -> a * b);
      taps.put(TermNetwork.teacher("" + i), ArrayTargets.random(ROWS, width));
    }
    return taps;
  }

  /** 17 rows in batches of 5, the last of which has 2; from any batch, and begun again. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void theThreadAheadGivesTheSameBits(int begin) {
    List<List<Integer>> shape = List.of(List.of(7));
    Map<String, SoftTargets> taps = taps(shape);
    Map<Integer, TeacherBatch> here = new HashMap<>();
    Map<Integer, TeacherBatch> there = new HashMap<>();
    for (int size : List.of(5, 2)) {
      TermNetwork network = network("pkt", size, shape, shape);
      GraphCut cut = network.cut().withoutRows(taps.keySet());
      here.put(size, memory.own(new TeacherBatch(network, cut, true)));
      there.put(size, memory.own(new TeacherBatch(network, cut, true)));
    }
    GraphCut cut = network("pkt", 5, shape, shape).cut();
    String variable = cut.inputs().iterator().next();
    try (TeacherFeed feed = new TeacherFeed(there, taps, Map.of(variable, 25), 5)) {
      for (int epoch = 1; epoch <= 3; epoch++) {
        int[] order = new RowOrder(ROWS, 3).of(epoch);
        feed.begin(order, 0);
        if (begin > 0) {
          next(feed, variable, 5); // an epoch that is left early
          feed.begin(order, begin);
        }
        for (int from = begin * 5; from < ROWS; from += 5) {
          int count = Math.min(5, ROWS - from);
          TeacherBatch expected = here.get(count);
          expected.compute(taps, order, from);
          assertThat(next(feed, variable, count)).containsExactly(floats(expected.array(variable)));
        }
      }
    }
  }

  private static float[] next(TeacherFeed feed, String variable, int count) {
    FloatBuffer into = FloatBuffer.allocate(count * count);
    feed.next(Map.of(variable, into));
    return into.array();
  }

  /** A last batch of one row is too short for the term. */
  @Test
  void aLastBatchWithoutTermsIsLeftOut() {
    List<List<Integer>> shape = List.of(List.of(7));
    Map<String, SoftTargets> taps = taps(shape);
    TermNetwork network = network("similarity", 4, shape, shape);
    GraphCut cut = network.cut();
    TeacherBatch batch = memory.own(new TeacherBatch(network, cut, true));
    String variable = cut.inputs().iterator().next();
    try (TeacherFeed feed = new TeacherFeed(Map.of(4, batch), taps, Map.of(variable, 16), 4)) {
      int[] order = IntStream.range(0, ROWS).toArray();
      List<float[]> epochs = new ArrayList<>();
      for (int epoch = 0; epoch < 2; epoch++) {
        feed.begin(order, 0);
        for (int i = 0; i < 4; i++) {
          epochs.add(next(feed, variable, 4));
        }
      }
      assertThat(epochs.subList(4, 8)).usingRecursiveComparison().isEqualTo(epochs.subList(0, 4));
    }
  }
}
