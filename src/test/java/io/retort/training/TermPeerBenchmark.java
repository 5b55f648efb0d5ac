package io.retort.training;

import io.retort.model.ModelDefinition;
import io.retort.spec.TermSpec;
import io.retort.teacher.Tap;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The steps of {@link TermBenchmark} for {@code benchmarks/peer/terms.py}, which takes turns with
 * them: for each line {@code student method milliseconds} of the standard input it trains for so
 * long and answers {@code turn microseconds processor-microseconds}, both of a step; the latter are
 * of all threads of the training. {@code kd} is plain distillation.
 */
final class TermPeerBenchmark {

  private static final int BATCH = 100;
  private static final int CHECKED = 4;

  private TermPeerBenchmark() {}

  /**
   * @param args {@code losses} to print the losses and gradients of fixed tensors instead
   */
  public static void main(String[] args) throws IOException {
    PeerBenchmark.useThreads(1);
    if (args.length > 0) {
      TermBenchmark.STUDENTS.forEach(TermPeerBenchmark::losses);
      return;
    }
    Map<String, TermBenchmark.Run> runs = new HashMap<>();
    BufferedReader turns =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = turns.readLine(); line != null; line = turns.readLine()) {
      String[] words = line.split(" ");
      TermBenchmark.Run run =
          runs.computeIfAbsent(words[0] + " " + words[1], key -> open(words[0], words[1]));
      turn(run, Long.parseLong(words[2]) * 1_000_000);
    }
    runs.values().forEach(TermBenchmark.Run::close);
  }

  private static TermBenchmark.Run open(String name, String method) {
    ModelDefinition student = TermBenchmark.STUDENTS.get(name);
    if (method.equals("kd")) {
      return new TermBenchmark.Run(student, Suite.objective(), List.of(), BATCH);
    }
    TermSpec term = TermTest.named(method);
    List<Tap[]> pairs = TermBenchmark.pairs(term.method().taps(), student);
    return new TermBenchmark.Run(student, TermBenchmark.objective(term, pairs), pairs, BATCH);
  }

  private static void turn(TermBenchmark.Run run, long nanos) {
    long processor = TermBenchmark.processorNanos();
    long begin = System.nanoTime();
    long taken = 0;
    int steps = 0;
    while (taken < nanos) {
      for (int i = 0; i < 5; i++, steps++) {
        run.step();
      }
      taken = System.nanoTime() - begin;
    }
    processor = TermBenchmark.processorNanos() - processor;
    System.out.printf(
        Locale.ROOT, "turn %.2f %.2f%n", taken / 1e3 / steps, processor / 1e3 / steps);
  }

  /**
   * Lines {@code loss student method loss gradient parts}, the latter the lengths of the gradients
   * with respect to the student's tensors and to what the term trains.
   */
  private static void losses(String name, ModelDefinition student) {
    for (String method : TermBenchmark.METHODS) {
      TermSpec term = TermTest.named(method);
      List<Tap[]> pairs = TermBenchmark.pairs(term.method().taps(), student);
      if (pairs.isEmpty()) {
        continue;
      }
      try (TermHarness harness =
          new TermHarness(
              term,
              CHECKED,
              pairs.stream().map(pair -> pair[0].shape()).toList(),
              pairs.stream().map(pair -> pair[1].shape()).toList(),
              DataType.DOUBLE)) {
        fill(harness, pairs.size());
        System.out.printf(
            Locale.ROOT,
            "loss %s %s %.10e %.10e %.10e%n",
            name,
            method,
            harness.loss(),
            Math.sqrt(harness.gradients.values().stream().mapToDouble(g -> squares(g)).sum()),
            harness.parts == null ? 0 : Math.sqrt(squares(harness.partGradients.vector())));
      }
    }
  }

  private static void fill(TermHarness harness, int pairs) {
    for (int tap = 0; tap < pairs; tap++) {
      harness.student(tap, (i, c, p) -> Math.sin(1 + 1.7 * i + .9 * c + .37 * p));
      harness.teacher(tap, (i, c, p) -> Math.cos(.5 + 2.3 * i + 1.1 * c + .53 * p));
    }
    if (harness.parts != null) {
      int n = 0;
      for (INDArray part : harness.parts.views().values()) {
        INDArray flat = part.reshape(part.length());
        for (int k = 0; k < flat.length(); k++) {
          flat.putScalar(k, .3 * Math.sin(1 + n + .7 * k));
        }
        n++;
      }
    }
    if (harness.memory != null) {
      Map<String, float[]> state = harness.memory.state();
      for (int i = 0; i < state.get("student").length; i++) {
        state.get("student")[i] = (float) (.1 * Math.sin(.3 + .7 * i));
        state.get("teacher")[i] = (float) (.1 * Math.cos(.2 + 1.9 * i));
      }
      harness.draw(1);
    }
  }

  private static double squares(INDArray x) {
    double length = x.norm2Number().doubleValue();
    return length * length;
  }
}
