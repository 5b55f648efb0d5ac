package io.retort.model.foreign;

import io.retort.model.foreign.OnnxBuilder.Value;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Finds the weights that a layer's configuration speaks of. */
record KerasWeights(Map<String, Map<String, KerasWeight>> byLayer) {

  /**
   * Adds the bias where the layer has one.
   *
   * @param before weights that the layer has before it
   */
  Value biased(OnnxBuilder onnx, JsonNode config, Value x, int width, int before) {
    if (!config.path("use_bias").asBoolean(true)) {
      return x;
    }
    KerasWeight bias = get(config, "bias", before, 1);
    checkWidth(bias, width, config);
    return onnx.node("Add", x.rank(), x, onnx.constant(bias.shape(), bias.values()));
  }

  /** By name in HDF5 files, by position in Keras 3's. */
  KerasWeight get(JsonNode config, String name, int position, int rank) {
    Map<String, KerasWeight> own = own(config);
    KerasWeight found = own.containsKey(name) ? own.get(name) : own.get(String.valueOf(position));
    if (found == null || found.shape().length != rank) {
      throw ForeignModelException.damaged(
          "the layer %s has no sound %s"
              .formatted(Names.shown(config.path("name").asString("")), name));
    }
    return found;
  }

  /** By either of two names. */
  KerasWeight either(JsonNode config, String name, String other, int position, int rank) {
    return get(config, own(config).containsKey(other) ? other : name, position, rank);
  }

  /** A layer's; HDF5 files do not say which models lie between the outermost and the layer. */
  private Map<String, KerasWeight> own(JsonNode config) {
    String layer = config.path("name").asString("");
    Map<String, KerasWeight> own = byLayer.getOrDefault(layer, Map.of());
    if (!own.isEmpty() || !layer.contains("/")) {
      return own;
    }
    String flat = layer.substring(0, layer.indexOf('/')) + layer.substring(layer.lastIndexOf('/'));
    return byLayer.getOrDefault(flat, Map.of());
  }

  static void checkWidth(KerasWeight weight, int width, JsonNode config) {
    if (weight.values().length != width) {
      throw misfit(config);
    }
  }

  static ForeignModelException misfit(JsonNode config) {
    return ForeignModelException.damaged(
        "the weights of the layer %s do not fit each other"
            .formatted(Names.shown(config.path("name").asString(""))));
  }
}
