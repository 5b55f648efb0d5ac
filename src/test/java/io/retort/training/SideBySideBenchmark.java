package io.retort.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A training on one thread alone, and two of them at once in one process. {@code
 * benchmarks/engine.sh side-by-side} runs it.
 */
final class SideBySideBenchmark {

  private static final int ROUNDS = 5;

  private SideBySideBenchmark() {}

  /**
   * @param args seconds for each measurement
   */
  public static void main(String[] args) throws Exception {
    double seconds = Double.parseDouble(args[0]);
    System.out.println("| network | alone, ms a step | two at once | slower by |");
    System.out.println("|---|---|---|---|");
    ExecutorService jobs = Executors.newFixedThreadPool(2);
    for (Suite net : Suite.values()) {
      List<Double> alone = new ArrayList<>();
      List<Double> together = new ArrayList<>();
      List<Double> slower = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        double one = run(jobs, net, 1, seconds);
        double two = run(jobs, net, 2, seconds);
        alone.add(one);
        together.add(two);
        slower.add(two / one - 1);
      }
      System.out.printf(
          Locale.ROOT,
          "| %s | %.3f | %.3f | %.0f %% |%n",
          net,
          middle(alone),
          middle(together),
          middle(slower) * 100);
    }
    jobs.shutdown();
  }

  /** The slowest job's median step. */
  private static double run(ExecutorService jobs, Suite net, int count, double seconds)
      throws Exception {
    CyclicBarrier ready = new CyclicBarrier(count);
    List<Future<Double>> running = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      running.add(
          jobs.submit(
              () -> {
                PeerBenchmark.useThreads(1);
                try (Suite.Training training = net.open(1)) {
                  PeerBenchmark.median(training::step, seconds / 2);
                  ready.await();
                  return PeerBenchmark.median(training::step, seconds);
                }
              }));
    }
    double slowest = 0;
    for (Future<Double> job : running) {
      slowest = Math.max(slowest, job.get());
    }
    return slowest;
  }

  private static double middle(List<Double> values) {
    Collections.sort(values);
    return values.get(values.size() / 2);
  }
}
