package io.retort.model.foreign;

import io.retort.spec.SpecReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.StringStringEntryProto;
import org.nd4j.shade.protobuf.ByteString;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Class names that an ONNX file carries: in its classifier's nodes, or in its metadata. */
final class OnnxClasses {

  private static final Set<String> KEYS = Set.of("classes", "class_names", "labels");

  private OnnxClasses() {}

  static List<String> of(OnnxFile file) {
    List<String> fromNodes = List.of();
    for (NodeProto node : file.graph().getNodeList()) {
      if (node.getDomain().equals("ai.onnx.ml")) {
        List<String> found = of(node);
        fromNodes = found.isEmpty() ? fromNodes : found;
      }
    }
    return fromNodes.isEmpty() ? metadata(file) : fromNodes;
  }

  private static List<String> of(NodeProto node) {
    boolean map = node.getOpType().equals("ZipMap");
    for (AttributeProto a : node.getAttributeList()) {
      switch (a.getName()) {
        case "classlabels_int64s", "classlabels_ints" -> {
          List<Long> numbers = new ArrayList<>(a.getIntsList());
          if (map) {
            numbers.sort(Comparator.naturalOrder()); // as the map's entries are read
          }
          if (!numbers.isEmpty()) {
            return numbers.stream().map(String::valueOf).toList();
          }
        }
        case "classlabels_strings" -> {
          List<String> names =
              new ArrayList<>(a.getStringsList().stream().map(ByteString::toStringUtf8).toList());
          if (map) {
            names.sort(Comparator.naturalOrder());
          }
          if (!names.isEmpty()) {
            return List.copyOf(names);
          }
        }
        default -> {}
      }
    }
    return List.of();
  }

  /** A list of strings as JSON. */
  private static List<String> metadata(OnnxFile file) {
    for (StringStringEntryProto entry : file.model().getMetadataPropsList()) {
      if (KEYS.contains(entry.getKey())) {
        try {
          JsonNode names = SpecReader.mapper().readTree(entry.getValue());
          if (names.isArray()) {
            return names.valueStream().map(n -> n.asString("")).toList();
          }
        } catch (JacksonException e) {
          // not ours, and no list of names
        }
      }
    }
    return List.of();
  }
}
