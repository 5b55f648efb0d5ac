package io.retort.onnx;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which tensors of a folded graph become whole numbers: what the operations read and give that ONNX
 * Runtime computes in whole numbers. Logits are none of them, nor is anything before the first
 * layer's input.
 *
 * @param all names, in the order of the graph
 * @param asTheirInput outputs of operations that only pick or reorder numbers, and so must have the
 *     scale of their input, each with that input
 */
record WholeTensors(Set<String> all, Map<String, String> asTheirInput) {

  private static final Set<String> LAYERS = Set.of("Conv", "Gemm");

  /** With nothing but moves of numbers. */
  private static final Set<String> MOVES = Set.of("MaxPool", "Flatten");

  private static final Set<String> SUMS = Set.of("Add", "GlobalAveragePool");

  static WholeTensors of(OnnxGraph graph) {
    Map<String, List<Node>> readers = graph.readers();
    Set<String> all = new LinkedHashSet<>();
    Map<String, String> asTheirInput = new HashMap<>();
    for (Node node : graph.nodes()) {
      String operator = node.operator();
      boolean layer = LAYERS.contains(operator);
      if (!layer && !MOVES.contains(operator) && !SUMS.contains(operator)) {
        continue;
      }
      all.addAll(layer ? node.inputs().subList(0, 1) : node.inputs());
      if (!operator.equals("Gemm")) { // whose kernel gives float32 as well
        all.add(rectified(node.output(), readers));
      }
      if (MOVES.contains(operator)) {
        asTheirInput.put(node.output(), node.inputs().get(0));
      }
    }
    return new WholeTensors(all, asTheirInput);
  }

  /** A ReLU is part of the rounding after it: what would be negative becomes the least number. */
  private static String rectified(String tensor, Map<String, List<Node>> readers) {
    List<Node> all = readers.getOrDefault(tensor, List.of());
    return all.size() == 1 && all.get(0).operator().equals("Relu") ? all.get(0).output() : tensor;
  }

  static boolean isLayer(Node node) {
    return LAYERS.contains(node.operator());
  }
}
