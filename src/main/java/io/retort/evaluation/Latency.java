package io.retort.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Time of one prediction of a single row.
 *
 * @param p50 median, in milliseconds
 * @param p95 95th percentile, in milliseconds
 */
public record Latency(double p50, double p95) {

  private static final int WARM_UP = 200;
  private static final int SAMPLES = 500;
  private static final long BUDGET_NANOS = 2_000_000_000L;

  /** Measures after a warm-up; a slow model gets fewer samples, but never fewer than 5. */
  public static Latency of(Runnable prediction) {
    return of(prediction, System::nanoTime);
  }

  /**
   * Measures several models in turns, call by call, so that none has the quieter machine.
   *
   * @return one each, in their order
   */
  public static List<Latency> alternating(List<Runnable> predictions) {
    return alternating(predictions, System::nanoTime);
  }

  static Latency of(Runnable prediction, LongSupplier nanos) {
    return alternating(List.of(prediction), nanos).get(0);
  }

  static List<Latency> alternating(List<Runnable> predictions, LongSupplier nanos) {
    long budget = BUDGET_NANOS * predictions.size();
    long begin = nanos.getAsLong();
    for (int i = 0; i < WARM_UP && nanos.getAsLong() - begin < budget; i++) {
      predictions.forEach(Runnable::run);
    }
    long[][] times = new long[predictions.size()][SAMPLES];
    int n = 0;
    long measuring = nanos.getAsLong();
    for (; n < SAMPLES && (n < 5 || nanos.getAsLong() - measuring < budget); n++) {
      for (int p = 0; p < times.length; p++) {
        long start = nanos.getAsLong();
        predictions.get(p).run();
        times[p][n] = nanos.getAsLong() - start;
      }
    }
    int samples = n;
    return Arrays.stream(times).map(each -> of(each, samples)).toList();
  }

  private static Latency of(long[] times, int n) {
    Arrays.sort(times, 0, n);
    return new Latency(percentile(times, n, 0.5), percentile(times, n, 0.95));
  }

  /** Nearest-rank percentile of the first n sorted times. */
  private static double percentile(long[] sorted, int n, double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * n) - 1)] / 1e6;
  }
}
