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

  private static final Set<String> MODELS = Set.of("Sequential", "Functional", "Model");

  private final OnnxBuilder onnx = new OnnxBuilder();
  private final KerasLayers translator;
  private final Map<String, OnnxBuilder.Value> values = new HashMap<>();
  private final Set<String> layers = new LinkedHashSet<>();

  private KerasGraph(KerasFile file) {
    this.translator = new KerasLayers(onnx, new KerasWeights(file.weights()));
  }

  static KerasGraph of(KerasFile file) {
    KerasGraph graph = new KerasGraph(file);
    graph.output(graph.walk(file.model(), "", List.of()));
    return graph;
  }

  private static boolean isModel(String kind) {
    return MODELS.contains(kind);
  }

  /**
   * @param scope before the names of its layers, where it is a layer itself
   * @param from what it reads then
   * @return the layer that it ends with
   */
  private String walk(JsonNode model, String scope, List<String> from) {
    JsonNode config = model.path("config");
    JsonNode inside = config.isArray() ? config : config.path("layers");
    String kind = model.path("class_name").asString("");
    if (!isModel(kind) || inside.isEmpty()) {
      throw KerasLayers.unsupported(
          "model of a class of its own", config.path("name").asString(kind));
    }
    return kind.equals("Sequential")
        ? sequential(inside, scope, from)
        : functional(inside, config, scope, from);
  }

  private String sequential(JsonNode inside, String scope, List<String> from) {
    String before = from.isEmpty() ? "" : from.get(0);
    for (JsonNode layer : inside) {
      if (before.isEmpty() && !layer.path("class_name").asString("").equals("InputLayer")) {
        before = "input";
        values.put(before, onnx.input(before, inputShape(layer)));
      }
      if (scope.isEmpty() || !isInput(layer)) {
        before = add(layer, scope, before.isEmpty() ? List.of() : List.of(before));
      }
    }
    return before;
  }

  private String functional(JsonNode inside, JsonNode config, String scope, List<String> given) {
    List<String> entries = new ArrayList<>();
    sources(config.path("input_layers"), scope, entries);
    if (!scope.isEmpty() && entries.size() != given.size()) {
      throw ForeignModelException.damaged(
          "the model %s is not given what it reads".formatted(Names.shown(scope)));
    }
    for (int i = 0; i < given.size(); i++) {
      values.put(entries.get(i), value(given.get(i), entries.get(i)));
    }
    for (JsonNode layer : inside) {
      if (!scope.isEmpty() && isInput(layer)) {
        continue;
      }
      List<String> from = new ArrayList<>();
      JsonNode inbound = layer.path("inbound_nodes");
      if (inbound.size() > 1) {
        throw ForeignModelException.unsupported(
            "The layer %s is used more than once, which is not read; export the model to ONNX."
                .formatted(Names.shown(layer.path("name").asString(""))));
      }
      sources(inbound, scope, from);
      add(layer, scope, from);
    }
    List<String> named = new ArrayList<>();
    sources(config.path("output_layers"), scope, named);
    if (named.size() != 1) {
      throw ForeignModelException.unsupported(
          "The model has %d outputs; one is read. Export it to ONNX.".formatted(named.size()));
    }
    return named.get(0);
  }

  private static boolean isInput(JsonNode layer) {
    return layer.path("class_name").asString("").equals("InputLayer");
  }

  /** Keras 3 says {@code keras_history: [layer, 0, 0]}, Keras 2 {@code [layer, 0, 0, {}]}. */
  private static void sources(JsonNode node, String scope, List<String> into) {
    if (node.isArray() && node.size() >= 3 && node.get(0).isString() && node.get(1).isNumber()) {
      into.add(scope + node.get(0).stringValue());
      return;
    }
    node.values().forEach(child -> sources(child, scope, into));
  }

  private String add(JsonNode layer, String scope, List<String> from) {
    JsonNode config = layer.path("config");
    String own = config.path("name").asString("");
    String name = scope + own;
    if (isInput(layer)) {
      values.put(name, onnx.input(name, inputShape(layer)));
      return name;
    }
    List<OnnxBuilder.Value> inputs = new ArrayList<>();
    for (String source : from) {
      inputs.add(value(source, name));
    }
    if (own.isBlank() || inputs.isEmpty() || values.containsKey(name)) {
      throw ForeignModelException.damaged("its layers are not in order");
    }
    values.put(name, onnx.named(name, made(layer, name, from, inputs)));
    layers.add(name);
    if (layers.size() > MAX_LAYERS) {
      throw ForeignModelException.unsupported(
          "The model has more than %,d layers.".formatted(MAX_LAYERS));
    }
    return name;
  }

  private OnnxBuilder.Value made(
      JsonNode layer, String name, List<String> from, List<OnnxBuilder.Value> inputs) {
    if (!isModel(layer.path("class_name").asString(""))) {
      return translator.translate(layer, name, inputs);
    }
    return value(walk(layer, name + "/", from), name);
  }

  private OnnxBuilder.Value value(String source, String reader) {
    OnnxBuilder.Value value = values.get(source);
    if (value == null) {
      throw ForeignModelException.damaged(
          "the layer %s reads one that does not come before it".formatted(Names.shown(reader)));
    }
    return value;
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
