package io.retort.training;

import io.retort.dataset.Split;
import io.retort.model.ModelDefinition;
import io.retort.plan.NativeMemory;
import io.retort.spec.RelationTerm;
import io.retort.spec.TermSpec;
import io.retort.teacher.SoftTargets;
import io.retort.teacher.Tap;
import io.retort.training.term.ContrastMemory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The terms of an objective that read features, with what they train themselves, over a training:
 * captured once for each batch size, fed with the teacher's taps at every step.
 */
final class FeatureTerms implements AutoCloseable {

  /** Every term can be built for a batch of so many rows. */
  private static final int LARGEST_MINIMUM = 3;

  private final NativeMemory memory = new NativeMemory();
  private final List<TermSpec> terms;
  private final List<String> studentTaps;
  private final TeacherPart teacher;
  private final TermNetwork.Shapes shapes;
  private final Map<CapturedStep, CapturedTerms> captured = new HashMap<>();
  private final @Nullable FlatParameters parameters;
  private final @Nullable FlatParameters gradients;
  private final double[] weights;
  private final long seed;

  /** By term; those that remember nothing have none. */
  private final Map<Integer, ContrastMemory> memories = new LinkedHashMap<>();

  /**
   * @param terms with their taps chosen; at least one
   * @param teacher every tap that a term names
   * @param train the rows that are trained on
   * @param seed of the initial values of what they train
   */
  FeatureTerms(
      List<TermSpec> terms,
      ModelDefinition student,
      List<TeacherTap> teacher,
      Split train,
      long seed) {
    this.terms = terms;
    this.seed = seed;
    this.weights = new double[terms.size()];
    Set<String> ours = new LinkedHashSet<>();
    Set<String> theirs = new LinkedHashSet<>();
    for (TermSpec term : terms) {
      ours.addAll(term.studentTaps());
      theirs.addAll(term.teacherTaps());
    }
    this.studentTaps = List.copyOf(ours);
    Map<String, List<Integer>> studentShapes = new LinkedHashMap<>();
    for (TapPoint point : TapPoint.of(student, studentTaps)) {
      studentShapes.put(point.tap().name(), point.tap().shape());
    }
    Map<String, List<Integer>> teacherShapes = new LinkedHashMap<>();
    Map<String, SoftTargets> teacherTaps = new HashMap<>();
    for (TeacherTap tap : teacher) {
      if (theirs.contains(tap.tap().name())) {
        teacherShapes.put(tap.tap().name(), rankOneOrThree(tap.tap()));
        teacherTaps.put(TermNetwork.teacher(tap.tap().name()), tap.values());
      }
    }
    this.teacher = new TeacherPart(teacherTaps, train.size());
    this.shapes = new TermNetwork.Shapes(studentShapes, teacherShapes, train.size());
    for (int i = 0; i < terms.size(); i++) {
      if (terms.get(i) instanceof RelationTerm.Contrast contrast) {
        memories.put(i, new ContrastMemory(contrast, train, Seeds.random(seed, "memory", i)));
      }
    }
    ParameterLayout layout = layout();
    boolean trains = layout.size() > 0;
    this.parameters = trains ? memory.own(new FlatParameters(layout, DataType.FLOAT)) : null;
    this.gradients = trains ? memory.own(new FlatParameters(layout, DataType.FLOAT)) : null;
    if (parameters != null) {
      parameters.write(layout.initial(Seeds.random(seed, "terms", 0).nextLong()));
    }
  }

  /** Maps over one axis have a height of 1. */
  private static List<Integer> rankOneOrThree(Tap tap) {
    List<Integer> shape = tap.shape();
    return shape.size() == 2 ? List.of(shape.get(0), 1, shape.get(1)) : shape;
  }

  /** What they train does not depend on the batch, only on shapes. */
  private ParameterLayout layout() {
    try (TermNetwork any = TermNetwork.build(terms, shapes, LARGEST_MINIMUM, DataType.FLOAT)) {
      return any.layout();
    }
  }

  /** The student's tensors that they read; a step must be captured with them. */
  List<String> studentTaps() {
    return studentTaps;
  }

  /**
   * Captures them for a step of the student; a last batch that is too short for one goes without.
   */
  void attach(CapturedStep step) {
    if (terms.stream().anyMatch(term -> step.batch() < term.method().minBatch())) {
      return;
    }
    Map<String, INDArray> taps = new HashMap<>();
    Map<String, INDArray> tapGradients = new HashMap<>();
    for (String tap : studentTaps) {
      taps.put(tap, step.tap(tap));
      tapGradients.put(tap, step.tapGradient(tap));
    }
    TermNetwork network =
        memory.own(TermNetwork.build(terms, shapes, step.batch(), DataType.FLOAT));
    captured.put(
        step,
        memory.own(
            new CapturedTerms(
                network,
                parameters,
                gradients,
                taps,
                tapGradients,
                teacher.attach(network),
                true)));
  }

  /**
   * Begins an epoch.
   *
   * @param order positions of all its rows; not changed before the epoch is over
   * @param batch the first one wanted, from 0
   * @param epoch from 1
   */
  void begin(int[] order, int batch, int epoch) {
    teacher.begin(order, batch);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = WarmUp.weight(terms.get(i), epoch);
    }
    weigh(weights);
  }

  /** Leaves the student's taps without a gradient, until the next {@link #run}. */
  void silence(CapturedStep step) {
    studentTaps.forEach(tap -> step.tapGradient(tap).assign(0));
  }

  /** Weighs one term alone, as {@link #all} undoes. */
  void only(int term) {
    double[] alone = new double[weights.length];
    alone[term] = weights[term];
    weigh(alone);
  }

  void all() {
    weigh(weights);
  }

  private void weigh(double[] chosen) {
    for (CapturedTerms each : captured.values()) {
      for (int i = 0; i < chosen.length; i++) {
        each.setWeight(i, chosen[i]);
      }
    }
  }

  /**
   * Reads what the teacher gave for the next batch, whose rows' positions stand in order from
   * {@code from}.
   *
   * @param count of the batches before it, in all epochs
   */
  void feed(CapturedStep step, int[] order, int from, long count) {
    CapturedTerms batch = captured.get(step);
    if (batch == null) {
      return;
    }
    teacher.next(step.batch(), order, from);
    memories.forEach(
        (term, memory) ->
            memory.give(
                order, from, Seeds.random(seed, "negatives" + term, count), batch.arrays(term)));
  }

  /**
   * Computes losses and gradients of the batch that was fed and that the step has sent forward.
   *
   * @param losses receives each term's before its weight
   * @return their weighted sum
   */
  double run(CapturedStep step, double[] losses) {
    CapturedTerms batch = captured.get(step);
    if (batch == null) {
      return none(losses);
    }
    batch.run();
    boolean again = false;
    for (Map.Entry<Integer, ContrastMemory> memory : memories.entrySet()) {
      again |= memory.getValue().settle(batch.arrays(memory.getKey()));
    }
    if (again) {
      batch.run();
    }
    double sum = 0;
    for (int i = 0; i < losses.length; i++) {
      losses[i] = batch.loss(i);
      sum += weights[i] * losses[i];
    }
    return sum;
  }

  /** Remembers what the batch that was run showed; once for each that was fed. */
  void learn(CapturedStep step, int[] order, int from) {
    CapturedTerms batch = captured.get(step);
    if (batch != null) {
      memories.forEach((term, memory) -> memory.learn(order, from, batch.arrays(term)));
    }
  }

  private double none(double[] losses) {
    Arrays.fill(losses, 0);
    if (gradients != null) {
      gradients.vector().assign(0);
    }
    return 0;
  }

  TeacherPart teacher() {
    return teacher;
  }

  /** One of those that were captured, for benchmarks. */
  CapturedTerms any() {
    return captured.values().iterator().next();
  }

  /** What they train; null where that is nothing. */
  @Nullable FlatParameters parameters() {
    return parameters;
  }

  @Nullable FlatParameters gradients() {
    return gradients;
  }

  /** Adds what they train and remember. */
  void save(Checkpoint into) {
    if (parameters != null) {
      float[] values = new float[(int) parameters.vector().length()];
      parameters.read(values);
      into.put("parameters", values);
    }
    memories.forEach(
        (term, memory) ->
            memory.state().forEach((name, values) -> into.put(remembered(term, name), values)));
  }

  void load(Checkpoint from) {
    if (parameters != null) {
      float[] values = new float[(int) parameters.vector().length()];
      from.read("parameters", values);
      parameters.write(values);
    }
    memories.forEach(
        (term, memory) ->
            memory.state().forEach((name, values) -> from.read(remembered(term, name), values)));
  }

  private static String remembered(int term, String name) {
    return "memory" + term + "." + name;
  }

  @Override
  public void close() {
    teacher.close();
    memory.close();
  }
}
