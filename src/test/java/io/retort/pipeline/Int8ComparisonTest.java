package io.retort.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.evaluation.Latency;
import io.retort.pipeline.Int8Comparison.FileFigures;
import org.junit.jupiter.api.Test;

class Int8ComparisonTest {

  @Test
  void aLossOfMoreThanAPointAndAFileThatIsNoSmallerAreNamed() {
    Int8Comparison good = comparison(0.89, 400);
    assertThat(good.isNotablyWorse() || good.isLarger()).isFalse();
    assertThat(good.summary())
        .isEqualTo(
            "student-int8.onnx is right on 89.0 % of the test rows, student.onnx on 90.0 %; they"
                + " agree on 97.5 %. It has 400 bytes instead of 1,000.");

    Int8Comparison bad = comparison(0.87, 1_000);
    assertThat(bad.isNotablyWorse()).isTrue();
    assertThat(bad.isLarger()).isTrue();
    assertThat(bad.summary()).contains("costs 3.0 points of accuracy", "Nothing is saved");
  }

  private static Int8Comparison comparison(double accuracy, long bytes) {
    Latency latency = new Latency(0.1, 0.2);
    return new Int8Comparison(
        new FileFigures(0.9, 0.3, 0.02, 1_000, latency),
        new FileFigures(accuracy, 0.3, 0.02, bytes, latency),
        0.975,
        0.001,
        1_000);
  }
}
