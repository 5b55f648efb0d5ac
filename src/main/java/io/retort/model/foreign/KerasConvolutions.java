package io.retort.model.foreign;

import io.retort.model.foreign.OnnxBuilder.Value;
import java.util.ArrayList;
import java.util.List;
import onnx.Onnx.AttributeProto;
import tools.jackson.databind.JsonNode;

/** Keras' layers that slide over images and series: convolutions, padding and pools. */
final class KerasConvolutions {

  private static final int MAX_PADDING = 1_000;

  private final OnnxBuilder onnx;
  private final KerasWeights weights;
  private final KerasActivations activations;

  KerasConvolutions(OnnxBuilder onnx, KerasWeights weights, KerasActivations activations) {
    this.onnx = onnx;
    this.weights = weights;
    this.activations = activations;
  }

  /** Kernels are [sides..., in, out] in Keras, [out, in, sides...] in ONNX. */
  Value plain(String type, JsonNode config, Value x) {
    channelsLast(config);
    int sides = type.equals("Conv1D") ? 1 : 2;
    KerasWeight kernel = weights.get(config, "kernel", 0, sides + 2);
    int[] shape = kernel.shape();
    int in = shape[sides];
    int out = shape[sides + 1];
    int area = kernel.values().length / Math.max(1, in * out);
    float[] turned = new float[kernel.values().length];
    for (int p = 0; p < area; p++) {
      for (int i = 0; i < in; i++) {
        for (int o = 0; o < out; o++) {
          turned[(o * in + i) * area + p] = kernel.values()[(p * in + i) * out + o];
        }
      }
    }
    int[] onnxShape = new int[sides + 2];
    onnxShape[0] = out;
    onnxShape[1] = in;
    System.arraycopy(shape, 0, onnxShape, 2, sides);
    Value y = apply(config, x, onnxShape, turned, config.path("groups").asInt(1));
    return activations.named(config, weights.biased(onnx, config, y, out, 1));
  }

  /** Every channel by kernels of its own, [sides..., in, multiplier] in Keras. */
  Value depthwise(JsonNode config, Value x) {
    channelsLast(config);
    // Keras 2 calls it otherwise
    KerasWeight kernel = weights.either(config, "kernel", "depthwise_kernel", 0, x.rank());
    int out = outputs(kernel);
    Value y = depthwise(config, x, kernel);
    return activations.named(config, weights.biased(onnx, config, y, out, 1));
  }

  /** A depthwise one, then one over a single place. */
  Value separable(JsonNode config, Value x) {
    channelsLast(config);
    KerasWeight depth = weights.get(config, "depthwise_kernel", 0, x.rank());
    KerasWeight point = weights.get(config, "pointwise_kernel", 1, x.rank());
    int[] shape = point.shape();
    int in = shape[shape.length - 2];
    int out = shape[shape.length - 1];
    if (in != outputs(depth) || point.values().length != in * out) {
      throw KerasWeights.misfit(config);
    }
    Value matrix = onnx.constant(new int[] {in, out}, point.values());
    Value y = onnx.node("MatMul", x.rank(), depthwise(config, x, depth), matrix);
    return activations.named(config, weights.biased(onnx, config, y, out, 2));
  }

  private static int outputs(KerasWeight kernel) {
    int[] shape = kernel.shape();
    return Math.multiplyExact(shape[shape.length - 2], shape[shape.length - 1]);
  }

  private Value depthwise(JsonNode config, Value x, KerasWeight kernel) {
    int[] shape = kernel.shape();
    int sides = shape.length - 2;
    int out = outputs(kernel);
    int area = kernel.values().length / Math.max(1, out);
    float[] turned = new float[kernel.values().length];
    for (int p = 0; p < area; p++) {
      for (int o = 0; o < out; o++) {
        turned[o * area + p] = kernel.values()[p * out + o];
      }
    }
    int[] onnxShape = new int[shape.length];
    onnxShape[0] = out;
    onnxShape[1] = 1;
    System.arraycopy(shape, 0, onnxShape, 2, sides);
    return apply(config, x, onnxShape, turned, shape[sides]);
  }

  private Value apply(JsonNode config, Value x, int[] shape, float[] kernel, int groups) {
    int sides = shape.length - 2;
    List<AttributeProto> attributes = new ArrayList<>(window(config, "strides", "strides", sides));
    attributes.addAll(window(config, "dilation_rate", "dilations", sides));
    attributes.add(OnnxBuilder.number("group", groups));
    attributes.add(padding(config));
    return onnx.channelsLast(
        onnx.node(
            "Conv", x.rank(), attributes, onnx.channelsFirst(x), onnx.constant(shape, kernel)));
  }

  /** {@code [[top, bottom], [left, right]]}, or {@code [left, right]} of a series. */
  Value zeros(JsonNode config, Value x) {
    channelsLast(config);
    JsonNode padding = config.path("padding");
    int sides = x.rank() - 2;
    long[] pads = new long[2 * x.rank()];
    for (int i = 0; i < sides; i++) {
      JsonNode own = sides == 1 ? padding : padding.path(i);
      for (int end = 0; end < 2; end++) {
        long pad = own.isArray() ? own.path(end).asLong(-1) : own.asLong(-1);
        if (pad < 0 || pad > MAX_PADDING) {
          throw KerasLayers.unsupported("padding by " + padding, config.path("name").asString(""));
        }
        pads[end * x.rank() + 1 + i] = pad;
      }
    }
    return onnx.node("Pad", x.rank(), x, onnx.numbers(pads));
  }

  Value pool(String type, JsonNode config, Value x) {
    channelsLast(config);
    int sides = x.rank() - 2;
    List<AttributeProto> attributes =
        new ArrayList<>(window(config, "pool_size", "kernel_shape", sides));
    String strides = config.path("strides").isNull() ? "pool_size" : "strides";
    attributes.addAll(window(config, strides, "strides", sides));
    attributes.add(padding(config));
    return onnx.channelsLast(onnx.node(type, x.rank(), attributes, onnx.channelsFirst(x)));
  }

  private static List<AttributeProto> window(
      JsonNode config, String name, String onnxName, int sides) {
    JsonNode node = config.path(name);
    long[] values = new long[sides];
    for (int i = 0; i < sides; i++) {
      values[i] = node.isArray() ? node.path(i).asLong(1) : node.asLong(1);
    }
    return List.of(OnnxBuilder.ints(onnxName, values));
  }

  private static AttributeProto padding(JsonNode config) {
    String padding = config.path("padding").asString("valid");
    return switch (padding) {
      case "valid" -> OnnxBuilder.text("auto_pad", "VALID");
      case "same" -> OnnxBuilder.text("auto_pad", "SAME_UPPER");
      default ->
          throw KerasLayers.unsupported(
              "layer with padding " + padding, config.path("name").asString(""));
    };
  }

  static void channelsLast(JsonNode config) {
    if (config.path("data_format").asString("channels_last").equals("channels_first")) {
      throw KerasLayers.unsupported(
          "layer with its channels first", config.path("name").asString(""));
    }
  }
}
