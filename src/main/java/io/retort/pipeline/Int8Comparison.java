package io.retort.pipeline;

import io.retort.evaluation.Latency;
import io.retort.evaluation.Quality;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * A student's ONNX files side by side: both run in ONNX Runtime, on the test part.
 *
 * @param float32 {@code student.onnx}
 * @param quantized {@code student-int8.onnx}
 * @param agreement share of rows on which the two predict the same, 0..1
 * @param meanKl mean of KL(float32 || quantized), in nats
 * @param calibrationRows rows of the training part that the ranges of activations were read from
 */
@Schema(
    description =
        "The student's ONNX files side by side, float32 and int8, both run in ONNX Runtime on the"
            + " test part")
record Int8Comparison(
    FileFigures float32,
    FileFigures quantized,
    double agreement,
    double meanKl,
    int calibrationRows) {

  /** A larger loss of accuracy than this one is worth a warning. */
  static final double NOTABLE_LOSS = 0.01;

  /**
   * One file in numbers; the first three are those of {@link Quality}.
   *
   * @param latencyMs one row at a time, on the job's threads, in turns with the other file
   */
  record FileFigures(double accuracy, double nll, double ece, long bytes, Latency latencyMs) {

    static FileFigures of(Quality quality, long bytes, Latency latency) {
      return new FileFigures(quality.accuracy(), quality.nll(), quality.ece(), bytes, latency);
    }
  }

  private double loss() {
    return float32.accuracy - quantized.accuracy;
  }

  boolean isNotablyWorse() {
    // 0.90 - 0.89 is a little more than 0.01
    return loss() > NOTABLE_LOSS + 1e-9;
  }

  boolean isLarger() {
    return quantized.bytes >= float32.bytes;
  }

  /** The figures in a sentence or three. */
  String summary() {
    String said =
        "student-int8.onnx is right on %.1f %% of the test rows, student.onnx on %.1f %%; they agree on %.1f %%. It has %,d bytes instead of %,d."
            .formatted(
                100 * quantized.accuracy,
                100 * float32.accuracy,
                100 * agreement,
                quantized.bytes,
                float32.bytes);
    if (isNotablyWorse()) {
      said +=
          " That costs %.1f points of accuracy, more than %.0f: prefer student.onnx, or give the student more room."
              .formatted(100 * loss(), 100 * NOTABLE_LOSS);
    }
    return isLarger() ? said + " Nothing is saved: the student is too small for that." : said;
  }
}
