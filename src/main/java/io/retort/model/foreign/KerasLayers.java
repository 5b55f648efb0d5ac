package io.retort.model.foreign;

import io.retort.model.foreign.OnnxBuilder.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import onnx.Onnx.AttributeProto;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What each of Keras' layers computes, in ONNX's operators. */
final class KerasLayers {

  private final OnnxBuilder onnx;
  private final Map<String, Map<String, KerasWeight>> weights;

  KerasLayers(OnnxBuilder onnx, Map<String, Map<String, KerasWeight>> weights) {
    this.onnx = onnx;
    this.weights = weights;
  }

  /**
   * @throws ForeignModelException naming a layer that is not supported
   */
  Value translate(JsonNode layer, List<Value> inputs) {
    String type = layer.path("class_name").asString("");
    JsonNode config = layer.path("config");
    Value x = inputs.get(0);
    return switch (type) {
      case "Dense" -> dense(config, x);
      case "Conv1D", "Conv2D" -> convolution(type, config, x);
      case "MaxPooling1D", "MaxPooling2D" -> pool("MaxPool", config, x);
      case "AveragePooling1D", "AveragePooling2D" -> pool("AveragePool", config, x);
      case "GlobalAveragePooling1D", "GlobalAveragePooling2D" -> global("ReduceMean", config, x);
      case "GlobalMaxPooling1D", "GlobalMaxPooling2D" -> global("ReduceMax", config, x);
      case "BatchNormalization" -> normalisation(config, x);
      case "Activation" -> activation(config, x);
      case "ReLU" -> relu(config, x);
      case "Softmax" -> onnx.node("Softmax", x.rank(), List.of(OnnxBuilder.number("axis", -1)), x);
      case "Flatten" -> onnx.node("Flatten", 2, x);
      case "Reshape" -> reshape(config, x);
      case "Dropout",
          "SpatialDropout1D",
          "SpatialDropout2D",
          "GaussianNoise",
          "GaussianDropout",
          "ActivityRegularization" ->
          x;
      case "Rescaling" -> rescaling(config, x);
      case "Add" -> fold("Add", inputs);
      case "Multiply" -> fold("Mul", inputs);
      case "Concatenate" ->
          onnx.node(
              "Concat",
              x.rank(),
              List.of(OnnxBuilder.number("axis", config.path("axis").asInt(-1))),
              inputs.toArray(Value[]::new));
      default -> throw unsupported(type, config.path("name").asString(""));
    };
  }

  static ForeignModelException unsupported(String type, String name) {
    return new ForeignModelException(
        "unsupported_layer",
        "The layer %s is a %s, which is not supported; export the model to ONNX instead."
            .formatted(Names.shown(name), Names.shown(type)));
  }

  private Value dense(JsonNode config, Value x) {
    KerasWeight kernel = weight(config, "kernel", 0, 2);
    Value product =
        onnx.node("MatMul", x.rank(), x, onnx.constant(kernel.shape(), kernel.values()));
    return activation(config, biased(config, product, kernel.shape()[1], product.rank()));
  }

  private Value biased(JsonNode config, Value x, int width, int rank) {
    if (!config.path("use_bias").asBoolean(true)) {
      return x;
    }
    KerasWeight bias = weight(config, "bias", 1, 1);
    checkWidth(bias, width, config);
    return onnx.node("Add", rank, x, onnx.constant(bias.shape(), bias.values()));
  }

  /** Kernels are [sides..., in, out] in Keras, [out, in, sides...] in ONNX. */
  private Value convolution(String type, JsonNode config, Value x) {
    channelsLast(config);
    int sides = type.equals("Conv1D") ? 1 : 2;
    KerasWeight kernel = weight(config, "kernel", 0, sides + 2);
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
    List<AttributeProto> attributes = new ArrayList<>(window(config, "strides", "strides", sides));
    attributes.addAll(window(config, "dilation_rate", "dilations", sides));
    attributes.add(OnnxBuilder.number("group", config.path("groups").asInt(1)));
    attributes.add(padding(config));
    Value y =
        onnx.node(
            "Conv", x.rank(), attributes, onnx.channelsFirst(x), onnx.constant(onnxShape, turned));
    return activation(config, biased(config, onnx.channelsLast(y), out, x.rank()));
  }

  private Value pool(String type, JsonNode config, Value x) {
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
          throw unsupported("layer with padding " + padding, config.path("name").asString(""));
    };
  }

  private static void channelsLast(JsonNode config) {
    if (config.path("data_format").asString("channels_last").equals("channels_first")) {
      throw unsupported("layer with its channels first", config.path("name").asString(""));
    }
  }

  private Value global(String type, JsonNode config, Value x) {
    channelsLast(config);
    boolean keep = config.path("keepdims").asBoolean(false);
    long[] axes = x.rank() == 3 ? new long[] {1} : new long[] {1, 2};
    return onnx.node(
        type,
        keep ? x.rank() : 2,
        List.of(OnnxBuilder.ints("axes", axes), OnnxBuilder.number("keepdims", keep ? 1 : 0)),
        x);
  }

  /** {@code gamma (x - mean) / sqrt(variance + epsilon) + beta}, as one product and one sum. */
  private Value normalisation(JsonNode config, Value x) {
    JsonNode axis =
        config.path("axis").isArray() ? config.path("axis").path(0) : config.path("axis");
    if (axis.asInt(-1) != -1 && axis.asInt(-1) != x.rank() - 1) {
      throw unsupported("BatchNormalization of another axis", config.path("name").asString(""));
    }
    boolean scale = config.path("scale").asBoolean(true);
    boolean center = config.path("center").asBoolean(true);
    int before = (scale ? 1 : 0) + (center ? 1 : 0);
    KerasWeight mean = weight(config, "moving_mean", before, 1);
    KerasWeight variance = weight(config, "moving_variance", before + 1, 1);
    int width = mean.values().length;
    checkWidth(variance, width, config);
    float @Nullable [] gamma = scale ? weight(config, "gamma", 0, 1).values() : null;
    float @Nullable [] beta = center ? weight(config, "beta", scale ? 1 : 0, 1).values() : null;
    float[] factor = new float[width];
    float[] shift = new float[width];
    double epsilon = config.path("epsilon").asDouble(1e-3);
    for (int i = 0; i < width; i++) {
      double f = (gamma == null ? 1 : gamma[i]) / Math.sqrt(variance.values()[i] + epsilon);
      factor[i] = (float) f;
      shift[i] = (float) ((beta == null ? 0 : beta[i]) - mean.values()[i] * f);
    }
    Value scaled = onnx.node("Mul", x.rank(), x, onnx.constant(mean.shape(), factor));
    return onnx.node("Add", x.rank(), scaled, onnx.constant(mean.shape(), shift));
  }

  private Value activation(JsonNode config, Value x) {
    JsonNode activation = config.path("activation");
    String name = activation.asString(activation.path("class_name").asString("linear"));
    return switch (name) {
      case "linear" -> x;
      case "relu" -> onnx.node("Relu", x.rank(), x);
      case "tanh" -> onnx.node("Tanh", x.rank(), x);
      case "sigmoid" -> onnx.node("Sigmoid", x.rank(), x);
      case "softmax" -> onnx.node("Softmax", x.rank(), List.of(OnnxBuilder.number("axis", -1)), x);
      case "elu" -> onnx.node("Elu", x.rank(), x);
      case "selu" -> onnx.node("Selu", x.rank(), x);
      case "softplus" -> onnx.node("Softplus", x.rank(), x);
      case "softsign" -> onnx.node("Softsign", x.rank(), x);
      case "swish", "silu" -> onnx.node("Mul", x.rank(), x, onnx.node("Sigmoid", x.rank(), x));
      default -> throw unsupported("activation " + name, config.path("name").asString(""));
    };
  }

  private Value relu(JsonNode config, Value x) {
    boolean plain =
        config.path("negative_slope").asDouble(0) == 0
            && config.path("threshold").asDouble(0) == 0
            && (config.path("max_value").isNull() || config.path("max_value").isMissingNode());
    if (!plain) {
      throw unsupported(
          "ReLU with a slope, threshold or maximum", config.path("name").asString(""));
    }
    return onnx.node("Relu", x.rank(), x);
  }

  private Value reshape(JsonNode config, Value x) {
    JsonNode shape = config.path("target_shape");
    long[] sides = new long[shape.size() + 1];
    for (int i = 0; i < shape.size(); i++) {
      sides[i + 1] = shape.get(i).asLong(-1);
    }
    return onnx.node("Reshape", sides.length, x, onnx.numbers(sides));
  }

  private Value rescaling(JsonNode config, Value x) {
    if (!config.path("scale").isNumber() || !config.path("offset").isNumber()) {
      throw unsupported("Rescaling by lists", config.path("name").asString(""));
    }
    Value scale = onnx.constant(new int[] {1}, (float) config.path("scale").asDouble(1));
    Value offset = onnx.constant(new int[] {1}, (float) config.path("offset").asDouble(0));
    return onnx.node("Add", x.rank(), onnx.node("Mul", x.rank(), x, scale), offset);
  }

  private Value fold(String type, List<Value> inputs) {
    Value sum = inputs.get(0);
    for (Value next : inputs.subList(1, inputs.size())) {
      sum = onnx.node(type, sum.rank(), sum, next);
    }
    return sum;
  }

  /** By name in HDF5 files, by position in Keras 3's. */
  private KerasWeight weight(JsonNode config, String name, int position, int rank) {
    String layer = config.path("name").asString("");
    Map<String, KerasWeight> own = weights.getOrDefault(layer, Map.of());
    KerasWeight found = own.containsKey(name) ? own.get(name) : own.get(String.valueOf(position));
    if (found == null || found.shape().length != rank) {
      throw ForeignModelException.damaged(
          "the layer %s has no sound %s".formatted(Names.shown(layer), name));
    }
    return found;
  }

  private static void checkWidth(KerasWeight weight, int width, JsonNode config) {
    if (weight.values().length != width) {
      throw ForeignModelException.damaged(
          "the weights of the layer %s do not fit each other"
              .formatted(Names.shown(config.path("name").asString(""))));
    }
  }
}
