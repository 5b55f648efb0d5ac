package io.retort.onnx;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A folded graph with its convolutions and linear layers in int8, in the form that runtimes turn
 * into kernels of whole numbers: pairs of QuantizeLinear and DequantizeLinear around float
 * operations. Weights and biases stand in the file as whole numbers.
 */
final class Quantization {

  /**
   * Largest weight. With 127, two products of uint8 and int8 can be more than 16 bits hold, and
   * CPUs with AVX2 but without VNNI cut such sums off: their answers would be others than those
   * measured.
   */
  static final int LARGEST_WEIGHT = 64;

  /** Largest bias; half of what 32 bits hold, so that the products still fit beside it. */
  private static final double LARGEST_BIAS = 1 << 30;

  private final OnnxGraph source;
  private final Map<String, Scale> scales;
  private final OnnxGraph quantized;

  private Quantization(OnnxGraph source, Map<String, Scale> scales) {
    this.source = source;
    this.scales = scales;
    this.quantized = source.empty();
  }

  /**
   * @param scales of all tensors that become whole numbers
   */
  static OnnxGraph of(OnnxGraph folded, Map<String, Scale> scales) {
    Quantization quantization = new Quantization(folded, scales);
    quantization.rounded(OnnxGraph.FEATURES);
    for (Node node : folded.nodes()) {
      quantization.take(node);
      quantization.rounded(node.output());
    }
    return quantization.quantized;
  }

  private void take(Node node) {
    if (WholeTensors.isLayer(node)) {
      layer(node);
      return;
    }
    List<String> inputs = node.inputs().stream().map(this::read).toList();
    quantized.keep(new Node(node.operator(), inputs, node.output(), node.attributes()), source);
  }

  private String read(String tensor) {
    return scales.containsKey(tensor) ? restored(tensor) : tensor;
  }

  private static String restored(String tensor) {
    return tensor + ".dequantized";
  }

  /** Appends the pair after a tensor that becomes whole numbers. */
  private void rounded(String tensor) {
    Scale scale = scales.get(tensor);
    if (scale == null) {
      return;
    }
    String step =
        quantized.constant(tensor + ".scale", new Constant.Floats(new float[] {scale.step()}));
    String zero = quantized.constant(tensor + ".zero", new Constant.UnsignedByte(scale.zero()));
    String whole = tensor + ".quantized";
    quantized.add(new Node("QuantizeLinear", List.of(tensor, step, zero), whole, Map.of()));
    quantized.add(
        new Node("DequantizeLinear", List.of(whole, step, zero), restored(tensor), Map.of()));
  }

  /** A convolution or linear layer with its bias; each output channel has a scale of its own. */
  private void layer(Node node) {
    String input = node.inputs().get(0);
    String name = node.inputs().get(1);
    Constant.Floats weights = source.floats(name);
    float[] bias = source.floats(node.inputs().get(2)).values();
    int axis = node.operator().equals("Conv") ? 0 : 1;
    float inputStep = Objects.requireNonNull(scales.get(input)).step();
    int channels = bias.length;
    int inner = axis == 0 ? weights.values().length / channels : 1;
    float[] steps = steps(weights.values(), inner, bias, inputStep);
    byte[] wholes = new byte[weights.values().length];
    for (int i = 0; i < wholes.length; i++) {
      wholes[i] = (byte) Math.round(weights.values()[i] / steps[i / inner % channels]);
    }
    float[] biasSteps = new float[channels];
    int[] wholeBias = new int[channels];
    for (int c = 0; c < channels; c++) {
      biasSteps[c] = inputStep * steps[c];
      wholeBias[c] = Math.round(bias[c] / biasSteps[c]);
    }
    quantized.constant(name + ".zero", new Constant.Bytes(new byte[channels], channels));
    quantized.constant(name, new Constant.Bytes(wholes, weights.shape()));
    quantized.constant(node.inputs().get(2), new Constant.Ints(wholeBias, channels));
    List<String> inputs =
        List.of(
            restored(input),
            constant(name, steps, axis, name + ".zero"),
            constant(node.inputs().get(2), biasSteps, 0));
    quantized.add(new Node(node.operator(), inputs, node.output(), node.attributes()));
  }

  /**
   * The step of each channel: its largest weight becomes {@link #LARGEST_WEIGHT}, unless its bias
   * would then be too large a number, or its step too small a one.
   */
  private static float[] steps(float[] weights, int inner, float[] bias, float inputStep) {
    int channels = bias.length;
    double[] largest = new double[channels];
    for (int i = 0; i < weights.length; i++) {
      int c = i / inner % channels;
      largest[c] = Math.max(largest[c], Math.abs(weights[i]));
    }
    float[] steps = new float[channels];
    for (int c = 0; c < channels; c++) {
      double ofBias = Math.abs(bias[c]) / (inputStep * LARGEST_BIAS);
      double smallest = Float.MIN_NORMAL / Math.min(inputStep, 1.0);
      steps[c] = (float) Math.max(Math.max(largest[c] / LARGEST_WEIGHT, ofBias), smallest);
    }
    return steps;
  }

  private String constant(String whole, float[] steps, int axis, String... zero) {
    String scale = quantized.constant(whole + ".scale", new Constant.Floats(steps, steps.length));
    List<String> inputs = zero.length == 0 ? List.of(whole, scale) : List.of(whole, scale, zero[0]);
    Map<String, Object> attributes = Map.of("axis", (long) axis);
    quantized.add(new Node("DequantizeLinear", inputs, restored(whole), attributes));
    return restored(whole);
  }
}
