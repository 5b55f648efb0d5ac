package io.retort.model.foreign;

import io.retort.model.foreign.OnnxBuilder.Value;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Keras' activations, as layers of their own or by name within another. */
final class KerasActivations {

  private final OnnxBuilder onnx;
  private final KerasWeights weights;

  KerasActivations(OnnxBuilder onnx, KerasWeights weights) {
    this.onnx = onnx;
    this.weights = weights;
  }

  Value named(JsonNode config, Value x) {
    JsonNode activation = config.path("activation");
    String name = activation.asString(activation.path("class_name").asString("linear"));
    return switch (name) {
      case "linear" -> x;
      case "relu" -> onnx.node("Relu", x.rank(), x);
      case "tanh" -> onnx.node("Tanh", x.rank(), x);
      case "sigmoid" -> onnx.node("Sigmoid", x.rank(), x);
      case "softmax" -> onnx.node("Softmax", x.rank(), List.of(OnnxBuilder.number("axis", -1)), x);
      case "relu6" -> atMost(6, onnx.node("Relu", x.rank(), x));
      case "leaky_relu" -> leaky(0.2, x);
      case "gelu" -> gelu(x);
      case "elu" -> onnx.node("Elu", x.rank(), x);
      case "selu" -> onnx.node("Selu", x.rank(), x);
      case "softplus" -> onnx.node("Softplus", x.rank(), x);
      case "softsign" -> onnx.node("Softsign", x.rank(), x);
      case "swish", "silu" -> onnx.node("Mul", x.rank(), x, onnx.node("Sigmoid", x.rank(), x));
      default ->
          throw KerasLayers.unsupported("activation " + name, config.path("name").asString(""));
    };
  }

  private Value leaky(double slope, Value x) {
    return onnx.node("LeakyRelu", x.rank(), List.of(OnnxBuilder.decimal("alpha", slope)), x);
  }

  private Value atMost(double most, Value x) {
    return onnx.node("Min", x.rank(), x, onnx.constant(new int[] {1}, (float) most));
  }

  /** {@code x / 2 (1 + erf(x / sqrt 2))}. */
  private Value gelu(Value x) {
    Value scaled =
        onnx.node("Div", x.rank(), x, onnx.constant(new int[] {1}, (float) Math.sqrt(2)));
    Value one = onnx.constant(new int[] {1}, 1);
    Value both = onnx.node("Add", x.rank(), onnx.node("Erf", x.rank(), scaled), one);
    Value half = onnx.node("Mul", x.rank(), x, onnx.constant(new int[] {1}, 0.5f));
    return onnx.node("Mul", x.rank(), half, both);
  }

  /** Keras 3 calls it {@code negative_slope}, Keras 2 {@code alpha}. */
  Value leaky(JsonNode config, Value x) {
    return leaky(config.path("negative_slope").asDouble(config.path("alpha").asDouble(0.3)), x);
  }

  Value elu(JsonNode config, Value x) {
    double alpha = config.path("alpha").asDouble(1);
    return onnx.node("Elu", x.rank(), List.of(OnnxBuilder.decimal("alpha", alpha)), x);
  }

  /** A slope for each place of a row, or one along the axes that share it. */
  Value parametric(JsonNode config, Value x) {
    KerasWeight slope = weights.get(config, "alpha", 0, x.rank() - 1);
    return onnx.node("PRelu", x.rank(), x, onnx.constant(slope.shape(), slope.values()));
  }

  Value relu(JsonNode config, Value x) {
    if (config.path("threshold").asDouble(0) != 0) {
      throw KerasLayers.unsupported("ReLU with a threshold", config.path("name").asString(""));
    }
    double slope = config.path("negative_slope").asDouble(0);
    Value y = slope == 0 ? onnx.node("Relu", x.rank(), x) : leaky(slope, x);
    JsonNode most = config.path("max_value");
    return most.isNumber() ? atMost(most.asDouble(), y) : y;
  }
}
