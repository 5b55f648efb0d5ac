package io.retort.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A graph that computes the same in fewer kinds of operations, so that more of it can be quantised:
 * batch normalisation becomes part of the convolution before it, and a ReLU changes places with the
 * max-pooling before it, whose input then has no negative half to spend whole numbers on.
 */
final class Folding {

  private final OnnxGraph source;
  private final OnnxGraph folded;
  private final Map<String, List<Node>> readers;
  private final Set<Node> done = new HashSet<>();

  private Folding(OnnxGraph source) {
    this.source = source;
    this.folded = source.empty();
    this.readers = source.readers();
  }

  static OnnxGraph of(OnnxGraph graph) {
    return new Folding(new Folding(graph).norms()).pools();
  }

  private OnnxGraph norms() {
    for (Node node : source.nodes()) {
      Node norm = node.operator().equals("Conv") ? onlyReader(node, "BatchNormalization") : null;
      if (norm != null) {
        done.add(norm);
        normalised(node, norm);
      } else if (!done.contains(node)) {
        folded.keep(node, source);
      }
    }
    return folded;
  }

  /**
   * {@code W' = W * gamma / sqrt(variance + epsilon)} and {@code b' = (b - mean) * gamma /
   * sqrt(variance + epsilon) + beta}, for each output channel.
   */
  private void normalised(Node conv, Node norm) {
    float[] gamma = floats(norm.inputs().get(1));
    float[] beta = floats(norm.inputs().get(2));
    float[] mean = floats(norm.inputs().get(3));
    float[] variance = floats(norm.inputs().get(4));
    double epsilon = (float) Objects.requireNonNull(norm.attributes().get("epsilon"));
    String name = conv.inputs().get(1);
    float[] weights = floats(name).clone();
    float[] bias = conv.inputs().size() > 2 ? floats(conv.inputs().get(2)) : new float[mean.length];
    float[] shifted = new float[mean.length];
    int perChannel = weights.length / mean.length;
    for (int c = 0; c < mean.length; c++) {
      double factor = gamma[c] / Math.sqrt(variance[c] + epsilon);
      shifted[c] = (float) ((bias[c] - mean[c]) * factor + beta[c]);
      for (int i = c * perChannel; i < (c + 1) * perChannel; i++) {
        weights[i] *= (float) factor;
      }
    }
    List<String> inputs =
        List.of(
            conv.inputs().get(0),
            folded.constant(name, new Constant.Floats(weights, source.floats(name).shape())),
            folded.constant(name + ".shift", new Constant.Floats(shifted, mean.length)));
    folded.add(new Node("Conv", inputs, norm.output(), conv.attributes()));
  }

  private OnnxGraph pools() {
    for (Node node : source.nodes()) {
      Node relu = node.operator().equals("MaxPool") ? onlyReader(node, "Relu") : null;
      if (relu != null) {
        done.add(relu);
        String positive = node.output() + ".relu";
        folded.add(new Node("Relu", node.inputs(), positive, Map.of()));
        folded.add(new Node("MaxPool", List.of(positive), relu.output(), node.attributes()));
      } else if (!done.contains(node)) {
        folded.keep(node, source);
      }
    }
    return folded;
  }

  private @Nullable Node onlyReader(Node node, String operator) {
    List<Node> all = readers.getOrDefault(node.output(), new ArrayList<>());
    return all.size() == 1 && all.get(0).operator().equals(operator) ? all.get(0) : null;
  }

  private float[] floats(String constant) {
    return source.floats(constant).values();
  }
}
