package io.retort.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LatencyTest {

  @Test
  void takesPercentilesAfterTheWarmUp() {
    AtomicLong clock = new AtomicLong();
    int[] calls = {0};
    // the first 200 calls are slow, then 1, 2, ... 500 microseconds
    Runnable prediction =
        () -> clock.addAndGet(calls[0]++ < 200 ? 5_000_000L : (calls[0] - 200) * 1_000L);

    Latency latency = Latency.of(prediction, clock::get);

    assertThat(latency.p50()).isEqualTo(0.250);
    assertThat(latency.p95()).isEqualTo(0.475);
  }

  @Test
  void modelsTakeTurns() {
    AtomicLong clock = new AtomicLong();
    StringBuilder calls = new StringBuilder();
    List<Latency> latencies =
        Latency.alternating(
            List.of(
                () -> {
                  calls.append('a');
                  clock.addAndGet(1_000_000);
                },
                () -> {
                  calls.append('b');
                  clock.addAndGet(2_000_000);
                }),
            clock::get);

    assertThat(latencies).containsExactly(new Latency(1, 1), new Latency(2, 2));
    assertThat(calls.toString()).isEqualTo("ab".repeat(700));
  }

  @Test
  void aSlowModelGetsFewSamples() {
    AtomicLong clock = new AtomicLong();
    int[] calls = {0};
    Latency latency =
        Latency.of(
            () -> {
              calls[0]++;
              clock.addAndGet(3_000_000_000L);
            },
            clock::get);
    assertThat(calls[0]).isLessThan(10);
    assertThat(latency.p50()).isEqualTo(3000);
  }
}
