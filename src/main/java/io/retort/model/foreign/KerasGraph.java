package io.retort.model.foreign;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.ModelProto;
import tools.jackson.databind.JsonNode;

/** Walks a Sequential or functional model from layer to layer. */
final class KerasGraph {

  private static final int MAX_LAYERS = 2_000;

  private final OnnxBuilder onnx = new OnnxBuilder();
  private final KerasLayers translator;
  private final Map<String, OnnxBuilder.Value> values = new HashMap<>();
  private final Set<String> layers = new LinkedHashSet<>();

  private KerasGraph(KerasFile file) {
    this.translator = new KerasLayers(onnx, file.weights());
  }

  static KerasGraph of(KerasFile file) {
    KerasGraph graph = new KerasGraph(file);
    JsonNode config = file.model().path("config");
    JsonNode layers = config.isArray() ? config : config.path("layers");
    if (layers.isEmpty() || layers.size() > MAX_LAYERS) {
      throw ForeignModelException.damaged("its configuration has " + layers.size() + " layers");
    }
    String kind = file.model().path("class_name").asString("");
    switch (kind) {
      case "Sequential" -> graph.sequential(layers);
      case "Functional", "Model" -> graph.functional(layers, config.path("output_layers"));
      default -> throw KerasLayers.unsupported(kind, "the model");
    }
    return graph;
  }

  private void sequential(JsonNode layers) {
    String before = "";
    for (JsonNode layer : layers) {
      if (before.isEmpty() && !layer.path("class_name").asString("").equals("InputLayer")) {
        before = "input";
        values.put(before, onnx.input(before, inputShape(layer)));
      }
      before = add(layer, before.isEmpty() ? List.of() : List.of(before));
    }
    output(before);
  }

  private void functional(JsonNode layers, JsonNode outputs) {
    for (JsonNode layer : layers) {
      List<String> from = new ArrayList<>();
      JsonNode inbound = layer.path("inbound_nodes");
      if (inbound.size() > 1) {
        throw ForeignModelException.unsupported(
            "The layer %s is used more than once, which is not read; export the model to ONNX."
                .formatted(Names.shown(layer.path("name").asString(""))));
      }
      sources(inbound, from);
      add(layer, from);
    }
    List<String> named = new ArrayList<>();
    sources(outputs, named);
    if (named.size() != 1) {
      throw ForeignModelException.unsupported(
          "The model has %d outputs; one is read. Export it to ONNX.".formatted(named.size()));
    }
    output(named.get(0));
  }

  /** Keras 3 says {@code keras_history: [layer, 0, 0]}, Keras 2 {@code [layer, 0, 0, {}]}. */
  private static void sources(JsonNode node, List<String> into) {
    if (node.isArray() && node.size() >= 3 && node.get(0).isString() && node.get(1).isNumber()) {
      into.add(node.get(0).stringValue());
      return;
    }
    node.values().forEach(child -> sources(child, into));
  }

  private String add(JsonNode layer, List<String> from) {
    JsonNode config = layer.path("config");
    String name = config.path("name").asString("");
    if (layer.path("class_name").asString("").equals("InputLayer")) {
      values.put(name, onnx.input(name, inputShape(layer)));
      return name;
    }
    List<OnnxBuilder.Value> inputs = new ArrayList<>();
    for (String source : from) {
      OnnxBuilder.Value value = values.get(source);
      if (value == null) {
        throw ForeignModelException.damaged(
            "the layer %s reads one that does not come before it".formatted(Names.shown(name)));
      }
      inputs.add(value);
    }
    if (name.isBlank() || inputs.isEmpty() || values.containsKey(name)) {
      throw ForeignModelException.damaged("its layers are not in order");
    }
    values.put(name, onnx.named(name, translator.translate(layer, inputs)));
    layers.add(name);
    return name;
  }

  private static List<Integer> inputShape(JsonNode layer) {
    JsonNode config = layer.path("config");
    JsonNode shape =
        config.has("batch_shape") ? config.get("batch_shape") : config.path("batch_input_shape");
    if (shape.size() < 2) {
      throw ForeignModelException.unsupported(
          "The model does not say what it reads; give it an Input layer before saving it.");
    }
    List<Integer> sides = new ArrayList<>();
    for (int i = 1; i < shape.size(); i++) {
      sides.add(shape.get(i).asInt(-1));
    }
    return sides;
  }

  private void output(String layer) {
    OnnxBuilder.Value value = values.get(layer);
    if (value == null) {
      throw ForeignModelException.damaged("its output is none of its layers");
    }
    onnx.output(value.name());
  }

  ModelProto model() {
    return onnx.model();
  }

  /** Names that may be tapped. */
  Set<String> layers() {
    return layers;
  }
}
