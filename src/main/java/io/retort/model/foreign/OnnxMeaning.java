package io.retort.model.foreign;

import io.retort.model.Likelihood;
import io.retort.model.OutputInfo.Kind;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;
import org.jspecify.annotations.Nullable;

/** Whether an output holds logits or probabilities: by its numbers, its last node and its name. */
final class OnnxMeaning {

  private static final Set<String> PASSING =
      Set.of(
          "Identity",
          "Cast",
          "Reshape",
          "Flatten",
          "Squeeze",
          "Unsqueeze",
          "Gather",
          "Slice",
          "Transpose",
          "Clip",
          "Concat");
  private static final Set<String> NORMALISING = Set.of("Softmax", "Sigmoid", "ZipMap");

  private final Map<String, NodeProto> producers;

  OnnxMeaning(OnnxFile file) {
    producers = file.producers();
  }

  Kind of(String output, OnnxProbe.@Nullable Seen seen) {
    if (seen == null) {
      return declared(output) ? Kind.PROBABILITIES : Kind.LOGITS;
    }
    int width = seen.shape().stream().reduce(1, Math::multiplyExact);
    boolean likely = Likelihood.inUnitRange(seen.values());
    if (width > 1 && likely && Likelihood.sumToOne(seen.values(), width)) {
      return Kind.PROBABILITIES;
    }
    return likely && declared(output) ? Kind.PROBABILITIES : Kind.LOGITS;
  }

  private boolean declared(String output) {
    if (output.toLowerCase(Locale.ROOT).contains("prob")) {
      return true;
    }
    NodeProto node = producers.get(output);
    for (int i = 0; i < 10 && node != null && PASSING.contains(node.getOpType()); i++) {
      node = producers.get(source(node));
    }
    return node != null && (NORMALISING.contains(node.getOpType()) || transforms(node));
  }

  /**
   * A probability is joined behind its complement; other nodes have theirs before shapes and axes.
   */
  private static String source(NodeProto node) {
    int inputs = node.getInputCount();
    if (inputs == 0) {
      return "";
    }
    return node.getInput(node.getOpType().equals("Concat") ? inputs - 1 : 0);
  }

  /** The classifiers of ai.onnx.ml say what they do to their scores. */
  private static boolean transforms(NodeProto node) {
    for (AttributeProto a : node.getAttributeList()) {
      if (a.getName().equals("post_transform")) {
        return Set.of("LOGISTIC", "SOFTMAX").contains(a.getS().toStringUtf8());
      }
    }
    return false;
  }
}
