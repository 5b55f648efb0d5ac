package io.retort.onnx;

import java.util.List;
import java.util.Map;

/**
 * One operation of a graph.
 *
 * @param operator as ONNX names it
 * @param inputs names of tensors, constants among them
 * @param output name of the one tensor it gives
 * @param attributes by name; values are Long, Float or long[]
 */
public record Node(
    String operator, List<String> inputs, String output, Map<String, Object> attributes) {

  public Node {
    inputs = List.copyOf(inputs);
    attributes = Map.copyOf(attributes);
  }
}
