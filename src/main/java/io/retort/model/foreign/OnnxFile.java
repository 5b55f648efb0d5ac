package io.retort.model.foreign;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;

/** An ONNX file as protocol buffers, checked before ONNX Runtime sees it. */
final class OnnxFile {

  private static final int MAX_NODES = 100_000;
  private static final int MAX_DEPTH = 64;

  private final ModelProto model;

  private OnnxFile(ModelProto model) {
    this.model = model;
  }

  /** Every exporter writes the version of the format first: field 1, a small number. */
  static boolean looksLikeOne(byte[] head) {
    return head.length > 1 && head[0] == 0x08 && head[1] > 0 && head[1] < 64;
  }

  /**
   * @throws ForeignModelException where it is damaged, too large, or wants to read other files
   */
  static OnnxFile read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      CodedInputStream coded = CodedInputStream.newInstance(in);
      coded.setRecursionLimit(MAX_DEPTH);
      coded.setSizeLimit(Integer.MAX_VALUE);
      return of(ModelProto.parseFrom(coded));
    } catch (InvalidProtocolBufferException e) {
      throw ForeignModelException.damaged("it ends too early or is no ONNX file");
    }
  }

  /** A graph that was built here. */
  static OnnxFile of(ModelProto model) {
    OnnxFile onnx = new OnnxFile(model);
    onnx.check();
    return onnx;
  }

  private void check() {
    if (!model.hasGraph() || model.getGraph().getNodeCount() == 0) {
      throw ForeignModelException.damaged("it holds no graph");
    }
    int nodes = check(model.getGraph(), 0);
    for (var function : model.getFunctionsList()) {
      nodes += nodes(function.getNodeList(), 0);
    }
    if (nodes > MAX_NODES) {
      throw ForeignModelException.tooLarge(
          "The graph has %,d nodes; at most %,d are read.".formatted(nodes, MAX_NODES));
    }
  }

  private static int check(GraphProto graph, int depth) {
    if (depth > MAX_DEPTH) {
      throw ForeignModelException.damaged("its graphs are nested too deeply");
    }
    graph.getInitializerList().forEach(OnnxFile::check);
    graph
        .getSparseInitializerList()
        .forEach(
            sparse -> {
              check(sparse.getValues());
              check(sparse.getIndices());
            });
    return nodes(graph.getNodeList(), depth);
  }

  private static int nodes(List<NodeProto> nodes, int depth) {
    int count = nodes.size();
    for (NodeProto node : nodes) {
      for (AttributeProto attribute : node.getAttributeList()) {
        check(attribute.getT());
        attribute.getTensorsList().forEach(OnnxFile::check);
        check(attribute.getSparseTensor().getValues());
        if (attribute.hasG()) {
          count += check(attribute.getG(), depth + 1);
        }
        for (GraphProto graph : attribute.getGraphsList()) {
          count += check(graph, depth + 1);
        }
      }
    }
    return count;
  }

  /** ONNX Runtime would read any path that a tensor names. */
  private static void check(TensorProto tensor) {
    if (tensor.getExternalDataCount() > 0
        || tensor.getDataLocation() != TensorProto.DataLocation.DEFAULT) {
      throw ForeignModelException.unsupported(
          "The model keeps its tensor %s in another file; save it as one file: torch.onnx.export(..., external_data=False), or onnx.save(model, path)."
              .formatted(Names.shown(tensor.getName())));
    }
  }

  ModelProto model() {
    return model;
  }

  GraphProto graph() {
    return model.getGraph();
  }

  /** Numbers in the weights: initializers, constants and the tables of trees. */
  long parameters() {
    long count = 0;
    for (TensorProto tensor : graph().getInitializerList()) {
      count += tensor.getDimsList().stream().reduce(1L, (a, b) -> a * b);
    }
    for (NodeProto node : graph().getNodeList()) {
      for (AttributeProto a : node.getAttributeList()) {
        if (node.getOpType().equals("Constant") && a.hasT()) {
          count += a.getT().getDimsList().stream().reduce(1L, (x, y) -> x * y);
        } else if (node.getDomain().equals("ai.onnx.ml")) {
          count += a.getFloatsCount();
        }
      }
    }
    return Math.max(0, count);
  }

  /** Inputs that a caller feeds; older files list their weights among them too. */
  Set<String> fedInputs() {
    Set<String> weights = new HashSet<>();
    graph().getInitializerList().forEach(t -> weights.add(t.getName()));
    Set<String> names = new LinkedHashSet<>();
    for (ValueInfoProto input : graph().getInputList()) {
      if (!weights.contains(input.getName())) {
        names.add(input.getName());
      }
    }
    return names;
  }

  /** The node that makes each tensor of the main graph. */
  Map<String, NodeProto> producers() {
    Map<String, NodeProto> producers = new LinkedHashMap<>();
    for (NodeProto node : graph().getNodeList()) {
      for (String output : node.getOutputList()) {
        if (!output.isEmpty()) {
          producers.put(output, node);
        }
      }
    }
    return producers;
  }

  /** The file with more tensors among its outputs, whose types ONNX Runtime finds out itself. */
  byte[] with(List<String> moreOutputs) {
    if (moreOutputs.isEmpty()) {
      return model.toByteArray();
    }
    GraphProto.Builder graph = model.getGraph().toBuilder();
    for (String name : moreOutputs) {
      graph.addOutput(ValueInfoProto.newBuilder().setName(name));
    }
    return model.toBuilder().setGraph(graph).build().toByteArray();
  }
}
