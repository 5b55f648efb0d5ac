package io.retort.training;

import io.retort.plan.CapturedPlan;
import io.retort.plan.GraphCut;
import io.retort.plan.NativeMemory;
import io.retort.spec.RelationTerm;
import io.retort.spec.TermSpec;
import io.retort.training.term.ContrastMemory;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One term, captured alone, on tensors that a test sets. Taps are named 0, 1 ... */
final class TermHarness implements AutoCloseable {

  final NativeMemory arrays = new NativeMemory();
  final CapturedTerms terms;
  final FlatParameters parts;
  final FlatParameters partGradients;
  final Map<String, INDArray> taps = new HashMap<>();
  final Map<String, INDArray> gradients = new HashMap<>();
  final GraphCut cut;
  final List<List<Integer>> student;
  final List<List<Integer>> teacher;
  private final int batch;
  private final Map<String, INDArray> teacherTaps = new HashMap<>();
  private final TeacherBatch teacherBatch;
  private final @Nullable CapturedPlan teacherRows;

  /** Of a contrastive term. */
  final @Nullable ContrastMemory memory;

  /** Rows that are remembered; their classes take turns. */
  static final int ROWS = 12;

  private static final int CLASSES = 4;

  TermHarness(
      TermSpec spec,
      int batch,
      List<List<Integer>> student,
      List<List<Integer>> teacher,
      DataType type) {
    this(spec, batch, student, teacher, type, true);
  }

  TermHarness(
      TermSpec spec,
      int batch,
      List<List<Integer>> student,
      List<List<Integer>> teacher,
      DataType type,
      boolean rewrite) {
    this.batch = batch;
    this.student = student;
    this.teacher = teacher;
    List<String> names = IntStream.range(0, student.size()).mapToObj(Integer::toString).toList();
    TermNetwork.Shapes shapes = new TermNetwork.Shapes(byName(student), byName(teacher), ROWS);
    TermSpec chosen = spec.withTaps(names, names);
    if (chosen instanceof RelationTerm.Contrast contrast) {
      chosen = contrast.among(ROWS - ROWS / CLASSES);
    }
    TermNetwork network = arrays.own(TermNetwork.build(List.of(chosen), shapes, batch, type));
    ParameterLayout layout = network.layout();
    boolean trains = layout.size() > 0;
    parts = trains ? arrays.own(new FlatParameters(layout, type)) : null;
    partGradients = trains ? arrays.own(new FlatParameters(layout, type)) : null;
    for (String name : names) {
      long[] shape = TapPoint.channelsLast(batch, student.get(Integer.parseInt(name)));
      taps.put(name, arrays.array(type, shape));
      gradients.put(name, arrays.array(type, shape));
    }
    cut = network.cut();
    teacherBatch = arrays.own(new TeacherBatch(network, cut, rewrite));
    for (String tap : network.teacher()) {
      boolean read = cut.rows().contains(tap);
      teacherTaps.put(tap, read ? teacherBatch.array(tap) : arrays.array(type, cut.shape(tap)));
    }
    Map<String, INDArray> read = new HashMap<>();
    cut.inputs().forEach(variable -> read.put(variable, teacherBatch.array(variable)));
    teacherRows = rows(network, rewrite);
    terms =
        arrays.own(
            new CapturedTerms(network, parts, partGradients, taps, gradients, read, rewrite));
    terms.setWeight(0, 1);
    memory = memory(chosen);
    draw(6);
    if (trains) {
      SplittableRandom random = new SplittableRandom(8);
      for (int i = 0; i < layout.size(); i++) {
        parts.vector().putScalar(i, 0.5 * random.nextGaussian() + 0.1);
      }
    }
  }

  /** What is computed of every row of the taps. */
  private @Nullable CapturedPlan rows(TermNetwork network, boolean rewrite) {
    Map<String, INDArray> bound = new HashMap<>(teacherTaps);
    Set<String> computed = new HashSet<>(cut.rows());
    computed.removeAll(network.teacher());
    computed.forEach(variable -> bound.put(variable, teacherBatch.array(variable)));
    return computed.isEmpty()
        ? null
        : arrays.own(network.capture(bound, network.teacher(), computed, rewrite));
  }

  private static @Nullable ContrastMemory memory(TermSpec term) {
    ArraySplit rows = ArraySplit.blobs(ROWS, 1, CLASSES, 1);
    return term instanceof RelationTerm.Contrast contrast
        ? new ContrastMemory(contrast, rows, new SplittableRandom(5))
        : null;
  }

  /** Lets the term draw; the batch is made of the first rows. */
  void draw(long seed) {
    if (memory != null) {
      memory.give(order(), 0, new SplittableRandom(seed), terms.arrays(0));
    }
  }

  static int[] order() {
    return IntStream.range(0, ROWS).toArray();
  }

  private static Map<String, List<Integer>> byName(List<List<Integer>> shapes) {
    Map<String, List<Integer>> named = new HashMap<>();
    for (int i = 0; i < shapes.size(); i++) {
      named.put(Integer.toString(i), shapes.get(i));
    }
    return named;
  }

  /** A row's numbers, channels first. */
  interface Values {
    double at(int row, int channel, int position);
  }

  void student(int tap, Values values) {
    INDArray flat =
        taps.get("" + tap).reshape(batch, positions(student.get(tap)), channels(student, tap));
    for (int i = 0; i < batch; i++) {
      for (int c = 0; c < flat.size(2); c++) {
        for (int p = 0; p < flat.size(1); p++) {
          flat.putScalar(new int[] {i, p, c}, values.at(i, c, p));
        }
      }
    }
  }

  void teacher(int tap, Values values) {
    int positions = positions(teacher.get(tap));
    INDArray flat = teacherTaps.get(TermNetwork.teacher("" + tap));
    for (int i = 0; i < batch; i++) {
      for (int j = 0; j < flat.size(1); j++) {
        flat.putScalar(i, j, values.at(i, j / positions, j % positions));
      }
    }
  }

  static int positions(List<Integer> shape) {
    return shape.size() > 1 ? shape.get(1) * shape.get(2) : 1;
  }

  private static int channels(List<List<Integer>> shapes, int tap) {
    return shapes.get(tap).get(0);
  }

  /** By the way of a training: what each row gives, what the batch gives, the step. */
  double loss() {
    if (teacherRows != null) {
      teacherRows.replay(0);
    }
    teacherBatch.run();
    terms.run();
    if (memory != null && memory.settle(terms.arrays(0))) {
      terms.run();
    }
    return terms.loss(0);
  }

  /** Sets the n-th trained tensor. */
  void part(int n, INDArray values) {
    parts.views().values().stream().skip(n).findFirst().orElseThrow().assign(values);
  }

  void identity(int n, int width) {
    part(n, Nd4j.eye(width).castTo(DataType.DOUBLE));
  }

  void constant(int n, double value) {
    parts.views().values().stream().skip(n).findFirst().orElseThrow().assign(value);
  }

  @Override
  public void close() {
    arrays.close();
  }
}
