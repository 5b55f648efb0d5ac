package io.retort.training;

import io.retort.model.ModelDefinition;
import io.retort.plan.NativeMemory;
import io.retort.spec.Architecture;
import io.retort.spec.Method;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.OptimizerSpec;
import io.retort.spec.RelationTerm;
import io.retort.spec.TermSpec;
import io.retort.spec.TrainingSpec;
import io.retort.teacher.Tap;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What each method that reads features adds to a training step, on the sizes of MNIST-1D: a CNN of
 * 25-25-25 channels teaches the students of {@code benchmarks/methods.py}. Microseconds are the
 * least of many rounds, so that other work on the machine matters little; those of processor time
 * are the mean, of all threads of the training. {@code benchmarks/engine.sh terms} runs it.
 */
final class TermBenchmark {

  static final int ROWS = 3600;
  private static final int COLUMNS = 40;
  private static final int CLASSES = 10;
  private static final int STEPS = 10;
  static final List<String> METHODS =
      List.of(
          "hint",
          "similarity",
          "pkt",
          "rkd-distance",
          "correlation",
          "attention-transfer",
          "neuron-selectivity",
          "factor-transfer",
          "variational-information",
          "review",
          "rkd-angle",
          "crd");
  static final ModelDefinition TEACHER =
      net(new Architecture.Cnn1d(List.of(25, 25, 25), null, 2, null, null));
  static final Map<String, ModelDefinition> STUDENTS = new LinkedHashMap<>();

  static {
    STUDENTS.put("mlp", net(new Architecture.Mlp(List.of(100, 100), null, null, true)));
    STUDENTS.put("cnn", net(new Architecture.Cnn1d(List.of(8, 8, 8), null, 2, null, null)));
    STUDENTS.put("shallow", net(new Architecture.Cnn1d(List.of(25, 25), null, 2, null, null)));
  }

  private TermBenchmark() {}

  /**
   * @param args rounds, rows of a batch, and names of methods and students (all when left out)
   */
  public static void main(String[] args) {
    int rounds = Integer.parseInt(args[0]);
    int batch = Integer.parseInt(args[1]);
    List<String> named = Arrays.asList(args).subList(2, args.length);
    PeerBenchmark.useThreads(1);
    System.out.println(
        "| student | method | kernels | us of them | us of the teacher's | us a step | over plain KD"
            + " | processor us | over plain KD |");
    System.out.println("|---|---|---|---|---|---|---|---|---|");
    STUDENTS.forEach(
        (name, student) -> {
          if (named.stream().noneMatch(STUDENTS::containsKey) || named.contains(name)) {
            student(name, student, batch, rounds, named);
          }
        });
  }

  private static void student(
      String name, ModelDefinition student, int batch, int rounds, List<String> named) {
    try (Run kd = new Run(student, Suite.objective(), List.of(), batch)) {
      measure(kd, 3 * rounds);
      for (String method : METHODS) {
        TermSpec term = TermTest.named(method);
        List<Tap[]> pairs = pairs(term.method().taps(), student);
        if (pairs.isEmpty()
            || (named.stream().anyMatch(METHODS::contains) && !named.contains(method))) {
          continue;
        }
        try (Run run = new Run(student, objective(term, pairs), pairs, batch)) {
          measure(run, 3 * rounds);
          double[] plain = measure(kd, rounds);
          double[] step = measure(run, rounds);
          System.out.printf(
              Locale.ROOT,
              "| `%s` | `%s` | %d | %.1f | %.1f | %.1f | %.2f | %.1f | %.2f |%n",
              name,
              method,
              run.kernels(),
              least(rounds, run.terms().any()::run),
              // the thread ahead has nothing left to do by now
              least(rounds, run.terms().teacher().any()::run),
              step[0],
              step[0] / plain[0],
              step[1],
              step[1] / plain[1]);
        }
      }
      double[] plain = measure(kd, rounds);
      System.out.printf(
          Locale.ROOT, "| `%s` | kd | | | | %.1f | | %.1f | |%n", name, plain[0], plain[1]);
    }
  }

  /** Microseconds of a step: the least of the rounds' means, and the processor's on average. */
  private static double[] measure(Run run, int rounds) {
    long before = processorNanos();
    double least = least(rounds, run::step);
    return new double[] {least, (processorNanos() - before) / 1e3 / STEPS / rounds};
  }

  private static double least(int rounds, Runnable step) {
    double least = Double.MAX_VALUE;
    for (int round = 0; round < rounds; round++) {
      long begin = System.nanoTime();
      for (int i = 0; i < STEPS; i++) {
        step.run();
      }
      least = Math.min(least, (System.nanoTime() - begin) / 1e3 / STEPS);
    }
    return least;
  }

  /** Of this thread and those that work ahead of it. */
  static long processorNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long nanos = 0;
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith(Thread.currentThread().getName())) {
        nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
      }
    }
    return nanos;
  }

  static ObjectiveSpec objective(TermSpec term, List<Tap[]> pairs) {
    TermSpec chosen =
        term.withTaps(
            pairs.stream().map(pair -> pair[0].name()).toList(),
            pairs.stream().map(pair -> pair[1].name()).toList());
    if (chosen instanceof RelationTerm.Contrast contrast) {
      chosen = contrast.among(ROWS - ROWS / CLASSES);
    }
    return new ObjectiveSpec(null, null, 0.0, 1.0, null, null, null).withTerms(List.of(chosen));
  }

  /** As a job chooses them. */
  static List<Tap[]> pairs(Method.Taps wanted, ModelDefinition student) {
    List<Tap> ours = taps(student);
    List<Tap> theirs = taps(TEACHER);
    List<Tap[]> maps = new ArrayList<>();
    stages(ours)
        .forEach(
            (resolution, tap) -> {
              Tap other = stages(theirs).get(resolution);
              if (other != null) {
                maps.add(new Tap[] {tap, other});
              }
            });
    List<Tap[]> features =
        List.<Tap[]>of(new Tap[] {ours.get(ours.size() - 1), theirs.get(theirs.size() - 1)});
    return switch (wanted) {
      case FEATURES -> features;
      case MAP -> maps.isEmpty() ? maps : maps.subList(maps.size() - 1, maps.size());
      case MAPS -> maps;
      default -> maps.isEmpty() ? features : maps;
    };
  }

  private static List<Tap> taps(ModelDefinition definition) {
    return TapPoint.of(LayerPlan.of(definition, "")).stream().map(TapPoint::tap).toList();
  }

  private static Map<List<Integer>, Tap> stages(List<Tap> taps) {
    Map<List<Integer>, Tap> stages = new LinkedHashMap<>();
    for (Tap tap : taps) {
      if (tap.shape().size() == 3 && !tap.name().endsWith(".pre")) {
        stages.put(tap.shape().subList(1, 3), tap);
      }
    }
    return stages;
  }

  private static ModelDefinition net(Architecture architecture) {
    return new ModelDefinition(
        architecture,
        List.of(COLUMNS),
        IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList(),
        null);
  }

  /** A training under way. */
  static final class Run implements AutoCloseable {
    private final NativeMemory memory = new NativeMemory();
    private final Batches batches;
    private final ParameterUpdate update;
    private final int[] order = new RowOrder(ROWS, 1).of(1).clone();
    private final LossMeans means;
    private final int batch;
    private final ParameterUpdate parts;
    private long steps;
    private int left;

    Run(ModelDefinition student, ObjectiveSpec objective, List<Tap[]> pairs, int batch) {
      this.batch = batch;
      this.means = new LossMeans(objective.terms().size());
      ParameterLayout layout = ParameterLayout.of(student);
      FlatParameters parameters = memory.own(new FlatParameters(layout, DataType.FLOAT));
      parameters.write(layout.initial(1));
      List<TeacherTap> taps =
          pairs.stream()
              .map(
                  pair ->
                      new TeacherTap(
                          pair[1],
                          ArrayTargets.random(
                              ROWS, pair[1].shape().stream().reduce(1, (a, b) -> a * b))))
              .toList();
      batches =
          memory.own(
              new Batches(
                  student,
                  layout,
                  parameters,
                  ArraySplit.blobs(ROWS, COLUMNS, CLASSES, 1),
                  objective.alpha() > 0 ? ArrayTargets.random(ROWS, CLASSES) : null,
                  taps,
                  objective,
                  new TrainingSpec(1, batch, null, null, null, null, 1L),
                  batch));
      OptimizerSpec adam = new OptimizerSpec.Adam(1e-4, null, null, null);
      update =
          memory.own(
              new ParameterUpdate(
                  Optimizer.of(adam, layout.trained()), parameters, batches.gradients(), 1));
      FeatureTerms terms = batches.terms();
      parts =
          terms == null || terms.parameters() == null
              ? null
              : memory.own(
                  new ParameterUpdate(
                      new SettlingOptimizer(Optimizer.of(adam, terms.parameters().trainedCount())),
                      terms.parameters(),
                      terms.gradients(),
                      1));
    }

    void step() {
      if (left == 0) {
        batches.begin(order, 0, 1);
        left = ROWS / batch;
      }
      left--;
      batches.gradient(steps++, means);
      update.step(1e-4);
      if (parts != null) {
        parts.step(1e-4);
      }
    }

    FeatureTerms terms() {
      return batches.terms();
    }

    int kernels() {
      return terms().any().kernels();
    }

    @Override
    public void close() {
      memory.close();
    }
  }
}
