package io.retort.training;

import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Milliseconds of a training step of each network of the {@link Suite}, as lines {@code network
 * parameters milliseconds}. Started by {@code benchmarks/peer/run.sh} in turn with its peer.
 */
final class PeerBenchmark {

  private PeerBenchmark() {}

  /**
   * @param args threads, seconds for each network, and names of networks (all when left out)
   */
  public static void main(String[] args) {
    int threads = Integer.parseInt(args[0]);
    double seconds = Double.parseDouble(args[1]);
    useThreads(threads);
    for (Suite net : Suite.values()) {
      if (args.length == 2 || Arrays.asList(args).contains(net.name())) {
        System.out.printf(
            Locale.ROOT,
            "%s %d %.4f%n",
            net,
            NetworkSize.of(net.definition).parameters(),
            medianStep(net, threads, seconds));
      }
    }
  }

  /** For what the calling thread computes from now on. */
  static void useThreads(int threads) {
    Nd4j.getExecutioner(); // loads the backend that the holder hands out
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
  }

  /** Milliseconds, after half as long a warm-up. */
  static double medianStep(Suite net, int threads, double seconds) {
    try (Suite.Training training = net.open(threads)) {
      median(training::step, seconds / 2);
      return median(training::step, seconds);
    }
  }

  /** Milliseconds, over at least five runs. */
  static double median(Runnable step, double seconds) {
    double[] times = new double[1 << 16];
    int count = 0;
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (count < 5 || (System.nanoTime() < end && count < times.length)) {
      long begin = System.nanoTime();
      step.run();
      times[count++] = (System.nanoTime() - begin) / 1e6;
    }
    double[] sorted = Arrays.copyOf(times, count);
    Arrays.sort(sorted);
    return sorted[count / 2];
  }
}
