package io.retort.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A classifier in ONNX's operations: {@code features} [batch, columns] in, {@code logits} and
 * {@code probabilities} [batch, classes] out, all float32, the batch open.
 */
public final class OnnxGraph {

  /** Name of the input. */
  public static final String FEATURES = "features";

  /** Name of the first output. */
  public static final String LOGITS = "logits";

  /** Name of the second output. */
  public static final String PROBABILITIES = "probabilities";

  private final int columns;
  private final int classes;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Constant> constants = new LinkedHashMap<>();
  private final List<String> watched = new ArrayList<>();

  /**
   * @param columns features of a row
   * @param classes logits of a row
   */
  public OnnxGraph(int columns, int classes) {
    this.columns = columns;
    this.classes = classes;
  }

  /**
   * Appends an operation and names its output after it.
   *
   * @return the output's name
   */
  public String add(String operator, Map<String, Object> attributes, String... inputs) {
    String output = operator.toLowerCase(Locale.ROOT) + nodes.size();
    add(new Node(operator, List.of(inputs), output, attributes));
    return output;
  }

  void add(Node node) {
    nodes.add(node);
  }

  /** Appends an operation of another graph together with the constants that it reads. */
  void keep(Node node, OnnxGraph from) {
    for (String input : node.inputs()) {
      Constant values = from.constants.get(input);
      if (values != null) {
        constants.put(input, values);
      }
    }
    add(node);
  }

  /** A graph for the same rows and classes, without any operation yet. */
  OnnxGraph empty() {
    return new OnnxGraph(columns, classes);
  }

  /** Makes a tensor [batch] an output besides logits and probabilities. */
  void watch(String tensor) {
    watched.add(tensor);
  }

  /** Keeps a tensor under a name and returns the name. */
  public String constant(String name, Constant values) {
    if (constants.put(name, values) != null) {
      throw new IllegalArgumentException("two constants are called " + name);
    }
    return name;
  }

  /** Makes a tensor [batch, classes] the logits, and their softmax the probabilities. */
  public void finish(String tensor) {
    add(new Node("Identity", List.of(tensor), LOGITS, Map.of()));
    add(new Node("Softmax", List.of(LOGITS), PROBABILITIES, Map.of("axis", 1L)));
  }

  int columns() {
    return columns;
  }

  int classes() {
    return classes;
  }

  List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  Map<String, Constant> constants() {
    return Collections.unmodifiableMap(constants);
  }

  /** A constant of floats that the graph must have. */
  Constant.Floats floats(String name) {
    return (Constant.Floats) Objects.requireNonNull(constants.get(name), name);
  }

  List<String> watched() {
    return Collections.unmodifiableList(watched);
  }

  /** The operations that read each tensor. */
  Map<String, List<Node>> readers() {
    Map<String, List<Node>> readers = new HashMap<>();
    for (Node node : nodes) {
      node.inputs().forEach(in -> readers.computeIfAbsent(in, x -> new ArrayList<>()).add(node));
    }
    return readers;
  }
}
