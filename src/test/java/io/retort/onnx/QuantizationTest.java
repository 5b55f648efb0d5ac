package io.retort.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class QuantizationTest {

  @Test
  void aRangeIsCoveredBy256StepsOfWhichOneIsZero() {
    assertThat(Scale.covering(-1, 4.1f)).isEqualTo(new Scale(0.02f, 50));
    assertThat(Scale.covering(0, 2.55f)).isEqualTo(new Scale(0.01f, 0));
    assertThat(Scale.covering(3, 5.1f)).isEqualTo(new Scale(0.02f, 0));
    assertThat(Scale.covering(-5.1f, -3)).isEqualTo(new Scale(0.02f, 255));
    assertThat(Scale.covering(0, 0)).isEqualTo(new Scale(1, 0));
    assertThat(Scale.covering(0, 1e-44f).step()).isEqualTo(Float.MIN_NORMAL);
  }

  /** relu(x W + b) V + c with x in [-1, 4.1] and so steps of 0.02 about 50. */
  @Test
  void aTinyNetworkGetsTheNumbersThatWereWorkedOutByHand() {
    OnnxGraph graph = new OnnxGraph(2, 2);
    // columns of W are its output channels: largest weights 0.64 and 3.2
    String w = graph.constant("W", floats(new float[] {0.64f, -1.6f, -0.1f, 3.2f}, 2, 2));
    String b = graph.constant("b", floats(new float[] {0.5f, -0.25f}, 2));
    String hidden = graph.add("Relu", Map.of(), graph.add("Gemm", Map.of(), "features", w, b));
    String v = graph.constant("V", floats(new float[] {1, 0, 0, 2}, 2, 2));
    String c = graph.constant("c", floats(new float[] {0, 0}, 2));
    graph.finish(graph.add("Gemm", Map.of(), hidden, v, c));

    OnnxGraph quantized;
    try (Calibration calibration = Calibration.of(graph, 1)) {
      calibration.add(FloatBuffer.wrap(new float[] {-1, 0, 4.1f, 1}), 2);
      calibration.add(FloatBuffer.wrap(new float[] {1, 1}), 1);
      quantized = calibration.quantized();
    }

    assertThat(scale(quantized, "features.scale")).containsExactly(0.02f);
    assertThat(quantized.constants().get("features.zero")).isEqualTo(new Constant.UnsignedByte(50));
    assertThat(scale(quantized, "W.scale")).containsExactly(0.01f, 0.05f);
    assertThat(((Constant.Bytes) quantized.constants().get("W")).values())
        .containsExactly(64, -32, -10, 64);
    // 0.5 / (0.02 * 0.01) and -0.25 / (0.02 * 0.05)
    assertThat(((Constant.Ints) quantized.constants().get("b")).values())
        .containsExactly(2500, -250);
    // the largest of relu(x W + b): 4.1 * 0.64 - 0.1 + 0.5 of the second row
    assertThat(scale(quantized, hidden + ".scale")[0]).isCloseTo(3.024f / 255, within(1e-7f));
    assertThat(quantized.constants().get(hidden + ".zero")).isEqualTo(new Constant.UnsignedByte(0));
    assertThat(quantized.nodes())
        .filteredOn(node -> node.inputs().contains("W"))
        .extracting(Node::operator, node -> node.attributes().get("axis"))
        .containsExactly(tuple("DequantizeLinear", 1L));

    FloatBuffer logits = run(quantized, 2, 2, new float[] {4.1f, 1, 1, 1});
    assertThat(logits.get(0)).isCloseTo(3.024f, within(0.01f));
    assertThat(logits.get(1)).isZero();
    assertThat(logits.get(2)).isCloseTo(0.64f - 0.1f + 0.5f, within(0.01f));
    assertThat(logits.get(3)).isCloseTo(2 * 1.35f, within(0.02f));
  }

  @Test
  void aChannelOfNothingOrWithAHugeBiasStaysRight() {
    OnnxGraph graph = new OnnxGraph(1, 3);
    String w = graph.constant("W", floats(new float[] {0, 1e-9f, 1e-42f}, 1, 3));
    String b = graph.constant("b", floats(new float[] {0, 1e6f, 1e-42f}, 3));
    graph.finish(graph.add("Gemm", Map.of(), "features", w, b));

    FloatBuffer logits = run(quantized(graph, new float[] {1, 2}), 1, 3, new float[] {1});

    assertThat(logits.get(0)).isZero();
    assertThat(logits.get(1)).isCloseTo(1e6f, within(1f));
    assertThat(logits.get(2)).isCloseTo(0, within(1e-30f));
  }

  @Test
  void aRowThatOverflowsTakesNoStepsFromTheOthers() {
    OnnxGraph graph = new OnnxGraph(1, 2);
    String w = graph.constant("W", floats(new float[] {1, 2}, 1, 2));
    String b = graph.constant("b", floats(new float[] {0, 0}, 2));
    graph.finish(graph.add("Gemm", Map.of(), "features", w, b));
    try (Calibration calibration = Calibration.of(graph, 1)) {
      calibration.add(FloatBuffer.wrap(new float[] {2.55f}), 1);
      calibration.add(FloatBuffer.wrap(new float[] {Float.POSITIVE_INFINITY}), 1);
      assertThat(scale(calibration.quantized(), "features.scale")).containsExactly(0.01f);
    }
  }

  @Test
  void oneRowInAHundredMayReachBeyondTheRange() {
    OnnxGraph graph = new OnnxGraph(1, 2);
    String w = graph.constant("W", floats(new float[] {1, 2}, 1, 2));
    String b = graph.constant("b", floats(new float[] {0, 0}, 2));
    graph.finish(graph.add("Gemm", Map.of(), "features", w, b));
    float[] rows = new float[200];
    for (int i = 0; i < 198; i++) {
      rows[i] = i * 2.55f / 197;
    }
    rows[198] = 1000;
    rows[199] = 900;
    assertThat(scale(quantized(graph, rows), "features.scale")[0]).isCloseTo(0.01f, within(1e-7f));
  }

  @Test
  void foldedBatchNormalisationAndMovedReluComputeTheSame() {
    SplittableRandom random = new SplittableRandom(3);
    OnnxGraph graph = new OnnxGraph(2 * 6 * 6, 3);
    String shape = graph.constant("shape", new Constant.Longs(0, 2, 6, 6));
    String images = graph.add("Reshape", Map.of(), "features", shape);
    String kernel = random(graph, random, "K", 4, 2, 3, 3);
    String sum = graph.add("Conv", Map.of("pads", new long[] {1, 1, 1, 1}), images, kernel);
    String norm =
        graph.add(
            "BatchNormalization",
            Map.of("epsilon", 1e-5f),
            sum,
            random(graph, random, "gamma", 4),
            random(graph, random, "beta", 4),
            random(graph, random, "mean", 4),
            graph.constant("variance", floats(new float[] {0.5f, 2, 1e-3f, 0}, 4)));
    long[] side = {2, 2};
    String pooled = graph.add("MaxPool", Map.of("kernel_shape", side, "strides", side), norm);
    String flat = graph.add("Flatten", Map.of("axis", 1L), graph.add("Relu", Map.of(), pooled));
    graph.finish(
        graph.add(
            "Gemm",
            Map.of(),
            flat,
            random(graph, random, "W", 36, 3),
            random(graph, random, "b", 3)));
    float[] rows = new float[5 * 72];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }

    OnnxGraph folded = Folding.of(graph);

    assertThat(folded.nodes())
        .extracting(Node::operator)
        .containsExactly(
            "Reshape", "Conv", "Relu", "MaxPool", "Flatten", "Gemm", "Identity", "Softmax");
    FloatBuffer expected = run(graph, 72, 3, rows);
    FloatBuffer computed = run(folded, 72, 3, rows);
    for (int i = 0; i < 15; i++) {
      float allowed = 1e-5f * Math.max(1, Math.abs(expected.get(i)));
      assertThat(computed.get(i)).isCloseTo(expected.get(i), within(allowed));
    }
  }

  private static OnnxGraph quantized(OnnxGraph graph, float[] rows) {
    try (Calibration calibration = Calibration.of(graph, 1)) {
      calibration.add(FloatBuffer.wrap(rows), rows.length / graph.columns());
      return calibration.quantized();
    }
  }

  private static FloatBuffer run(OnnxGraph graph, int columns, int classes, float[] rows) {
    int count = rows.length / columns;
    FloatBuffer logits = FloatBuffer.allocate(count * classes);
    try (OnnxNetwork network =
        OnnxNetwork.open(OnnxFile.of(graph, Map.of()), columns, classes, 1)) {
      network.logits(FloatBuffer.wrap(rows), count, logits);
    }
    return logits;
  }

  private static String random(
      OnnxGraph graph, SplittableRandom random, String name, long... shape) {
    float[] values = new float[(int) LongStream.of(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return graph.constant(name, floats(values, shape));
  }

  private static Constant.Floats floats(float[] values, long... shape) {
    return new Constant.Floats(values, shape);
  }

  private static float[] scale(OnnxGraph graph, String name) {
    return graph.floats(name).values();
  }
}
