package io.retort.model.foreign;

import io.retort.model.foreign.OnnxBuilder.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What each of Keras' layers computes, in ONNX's operators. */
final class KerasLayers {

  private final OnnxBuilder onnx;
  private final KerasWeights weights;
  private final KerasActivations activations;
  private final KerasConvolutions convolutions;

  KerasLayers(OnnxBuilder onnx, KerasWeights weights) {
    this.onnx = onnx;
    this.weights = weights;
    this.activations = new KerasActivations(onnx, weights);
    this.convolutions = new KerasConvolutions(onnx, weights, activations);
  }

  /**
   * @param name by which its weights are found
   * @throws ForeignModelException naming a layer that is not supported
   */
  Value translate(JsonNode layer, String name, List<Value> inputs) {
    String type = layer.path("class_name").asString("");
    JsonNode config =
        layer.path("config") instanceof ObjectNode own
            ? own.deepCopy().put("name", name)
            : layer.path("config");
    Value x = inputs.get(0);
    return switch (type) {
      case "Dense" -> dense(config, x);
      case "Conv1D", "Conv2D" -> convolutions.plain(type, config, x);
      case "DepthwiseConv1D", "DepthwiseConv2D" -> convolutions.depthwise(config, x);
      case "SeparableConv1D", "SeparableConv2D" -> convolutions.separable(config, x);
      case "ZeroPadding1D", "ZeroPadding2D" -> convolutions.zeros(config, x);
      case "MaxPooling1D", "MaxPooling2D" -> convolutions.pool("MaxPool", config, x);
      case "AveragePooling1D", "AveragePooling2D" -> convolutions.pool("AveragePool", config, x);
      case "GlobalAveragePooling1D", "GlobalAveragePooling2D" -> global("ReduceMean", config, x);
      case "GlobalMaxPooling1D", "GlobalMaxPooling2D" -> global("ReduceMax", config, x);
      case "BatchNormalization" -> batchNormalisation(config, x);
      case "LayerNormalization" -> layerNormalisation(config, x);
      case "Normalization" -> normalisation(config, x);
      case "Activation" -> activations.named(config, x);
      case "ReLU" -> activations.relu(config, x);
      case "LeakyReLU" -> activations.leaky(config, x);
      case "PReLU" -> activations.parametric(config, x);
      case "ELU" -> activations.elu(config, x);
      case "Softmax" -> onnx.node("Softmax", x.rank(), List.of(OnnxBuilder.number("axis", -1)), x);
      case "Permute" -> permute(config, x);
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
      case "Subtract" -> fold("Sub", inputs);
      case "Multiply" -> fold("Mul", inputs);
      case "Maximum" -> fold("Max", inputs);
      case "Minimum" -> fold("Min", inputs);
      case "Average" -> onnx.node("Mean", x.rank(), inputs.toArray(Value[]::new));
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
    KerasWeight kernel = weights.get(config, "kernel", 0, 2);
    Value product =
        onnx.node("MatMul", x.rank(), x, onnx.constant(kernel.shape(), kernel.values()));
    return activations.named(config, weights.biased(onnx, config, product, kernel.shape()[1], 1));
  }

  private Value global(String type, JsonNode config, Value x) {
    KerasConvolutions.channelsLast(config);
    boolean keep = config.path("keepdims").asBoolean(false);
    long[] axes = x.rank() == 3 ? new long[] {1} : new long[] {1, 2};
    return onnx.node(
        type,
        keep ? x.rank() : 2,
        List.of(OnnxBuilder.ints("axes", axes), OnnxBuilder.number("keepdims", keep ? 1 : 0)),
        x);
  }

  /** {@code gamma (x - mean) / sqrt(variance + epsilon) + beta}, as one product and one sum. */
  private Value batchNormalisation(JsonNode config, Value x) {
    lastAxis(config, x);
    boolean scale = config.path("scale").asBoolean(true);
    boolean center = config.path("center").asBoolean(true);
    int before = (scale ? 1 : 0) + (center ? 1 : 0);
    KerasWeight mean = weights.get(config, "moving_mean", before, 1);
    KerasWeight variance = weights.get(config, "moving_variance", before + 1, 1);
    int width = mean.values().length;
    KerasWeights.checkWidth(variance, width, config);
    float @Nullable [] gamma = scale ? weights.get(config, "gamma", 0, 1).values() : null;
    float @Nullable [] beta =
        center ? weights.get(config, "beta", scale ? 1 : 0, 1).values() : null;
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

  private static void lastAxis(JsonNode config, Value x) {
    JsonNode axis = config.path("axis");
    int first = (axis.isArray() ? axis.path(0) : axis).asInt(-1);
    if (axis.size() > 1 || (first != -1 && first != x.rank() - 1)) {
      throw unsupported("normalisation of another axis", config.path("name").asString(""));
    }
  }

  private Value layerNormalisation(JsonNode config, Value x) {
    lastAxis(config, x);
    boolean scale = config.path("scale").asBoolean(true);
    if (!scale || config.path("rms_scaling").asBoolean(false)) {
      throw unsupported("LayerNormalization without gamma", config.path("name").asString(""));
    }
    KerasWeight gamma = weights.get(config, "gamma", 0, 1);
    List<Value> inputs = new ArrayList<>(List.of(x, onnx.constant(gamma.shape(), gamma.values())));
    if (config.path("center").asBoolean(true)) {
      KerasWeight beta = weights.get(config, "beta", 1, 1);
      KerasWeights.checkWidth(beta, gamma.values().length, config);
      inputs.add(onnx.constant(beta.shape(), beta.values()));
    }
    return onnx.node(
        "LayerNormalization",
        x.rank(),
        List.of(
            OnnxBuilder.number("axis", -1),
            OnnxBuilder.decimal("epsilon", config.path("epsilon").asDouble(1e-3))),
        inputs.toArray(Value[]::new));
  }

  /** {@code (x - mean) / max(sqrt(variance), 1e-7)}, of the rows that it has seen. */
  private Value normalisation(JsonNode config, Value x) {
    lastAxis(config, x);
    if (config.path("invert").asBoolean(false)
        || config.path("mean").isNumber()
        || config.path("mean").isArray()) {
      throw unsupported("Normalization by given numbers", config.path("name").asString(""));
    }
    KerasWeight mean = weights.get(config, "mean", 0, 1);
    KerasWeight variance = weights.get(config, "variance", 1, 1);
    int width = mean.values().length;
    KerasWeights.checkWidth(variance, width, config);
    float[] factor = new float[width];
    float[] shift = new float[width];
    for (int i = 0; i < width; i++) {
      double f = 1 / Math.max(Math.sqrt(variance.values()[i]), 1e-7);
      factor[i] = (float) f;
      shift[i] = (float) (-mean.values()[i] * f);
    }
    Value scaled = onnx.node("Mul", x.rank(), x, onnx.constant(mean.shape(), factor));
    return onnx.node("Add", x.rank(), scaled, onnx.constant(mean.shape(), shift));
  }

  /** Sides are counted from 1, without the batch. */
  private Value permute(JsonNode config, Value x) {
    JsonNode dims = config.path("dims");
    long[] order = new long[x.rank()];
    for (int i = 1; i < order.length; i++) {
      order[i] = dims.path(i - 1).asLong(-1);
    }
    return onnx.node("Transpose", x.rank(), List.of(OnnxBuilder.ints("perm", order)), x);
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
    Value scale = numbers(config, "scale", 1);
    Value offset = numbers(config, "offset", 0);
    return onnx.node("Add", x.rank(), onnx.node("Mul", x.rank(), x, scale), offset);
  }

  /** One number, or one a channel. */
  private Value numbers(JsonNode config, String name, double otherwise) {
    JsonNode node = config.path(name);
    float[] values = new float[node.isArray() ? node.size() : 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (node.isArray() ? node.path(i) : node).asDouble(otherwise);
    }
    return onnx.constant(new int[] {values.length}, values);
  }

  private Value fold(String type, List<Value> inputs) {
    Value sum = inputs.get(0);
    for (Value next : inputs.subList(1, inputs.size())) {
      sum = onnx.node(type, sum.rank(), sum, next);
    }
    return sum;
  }
}
