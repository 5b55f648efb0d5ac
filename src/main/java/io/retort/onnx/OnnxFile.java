package io.retort.onnx;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/** Graphs as the bytes of ONNX files; the same graph gives the same bytes. */
public final class OnnxFile {

  /** Operator set of the files. */
  public static final int OPSET = 17;

  /**
   * Version of the file format, which old readers know too; seen in ONNX Runtime 1.15.1 and 1.28.0.
   */
  public static final int IR_VERSION = 8;

  private OnnxFile() {}

  /**
   * Writes a graph.
   *
   * @param metadata further facts by name, found by readers as the model's custom metadata
   */
  public static byte[] of(OnnxGraph graph, Map<String, String> metadata) {
    GraphProto.Builder body = GraphProto.newBuilder().setName("retort");
    body.addInput(rows(OnnxGraph.FEATURES, graph.columns()));
    body.addOutput(rows(OnnxGraph.LOGITS, graph.classes()));
    body.addOutput(rows(OnnxGraph.PROBABILITIES, graph.classes()));
    graph.watched().forEach(name -> body.addOutput(floats(name, batch())));
    graph.constants().forEach((name, values) -> body.addInitializer(tensor(name, values)));
    graph.nodes().forEach(node -> body.addNode(node(node)));
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("Retort")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
            .setGraph(body);
    new TreeMap<>(metadata)
        .forEach(
            (key, value) ->
                model.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build().toByteArray();
  }

  private static ValueInfoProto rows(String name, int width) {
    return floats(name, batch().addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(width)));
  }

  private static TensorShapeProto.Builder batch() {
    return TensorShapeProto.newBuilder()
        .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"));
  }

  private static ValueInfoProto floats(String name, TensorShapeProto.Builder shape) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT_VALUE)
                        .setShape(shape)))
        .build();
  }

  private static TensorProto tensor(String name, Constant constant) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name);
    for (long side : constant.shape()) {
      tensor.addDims(side);
    }
    if (constant instanceof Constant.Floats floats) {
      tensor.setDataType(TensorProto.DataType.FLOAT_VALUE);
      for (float value : floats.values()) {
        tensor.addFloatData(value);
      }
    } else if (constant instanceof Constant.Longs longs) {
      tensor.setDataType(TensorProto.DataType.INT64_VALUE);
      for (long value : longs.values()) {
        tensor.addInt64Data(value);
      }
    } else if (constant instanceof Constant.Ints ints) {
      tensor.setDataType(TensorProto.DataType.INT32_VALUE);
      for (int value : ints.values()) {
        tensor.addInt32Data(value);
      }
    } else if (constant instanceof Constant.Bytes bytes) {
      tensor.setDataType(TensorProto.DataType.INT8_VALUE).mergeFrom(raw(bytes.values()));
    } else if (constant instanceof Constant.UnsignedByte one) {
      tensor.setDataType(TensorProto.DataType.UINT8_VALUE).addInt32Data(one.value());
    }
    return tensor.build();
  }

  /**
   * A tensor of raw bytes alone: as int32_data a negative number would take ten of them. It is read
   * from the wire format, since the setter's type is one of ND4J's.
   */
  private static TensorProto raw(byte[] values) {
    ByteArrayOutputStream wire = new ByteArrayOutputStream(values.length + 6);
    wire.write((TensorProto.RAW_DATA_FIELD_NUMBER << 3) | 2);
    int length = values.length;
    for (; length > 127; length >>>= 7) {
      wire.write((length & 127) | 128);
    }
    wire.write(length);
    wire.writeBytes(values);
    try {
      return TensorProto.parseFrom(new ByteArrayInputStream(wire.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static NodeProto node(Node node) {
    NodeProto.Builder proto =
        NodeProto.newBuilder()
            .setOpType(node.operator())
            .setName(node.output())
            .addAllInput(node.inputs())
            .addOutput(node.output());
    new TreeMap<>(node.attributes())
        .forEach((name, value) -> proto.addAttribute(attribute(name, value)));
    return proto.build();
  }

  private static AttributeProto attribute(String name, Object value) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    if (value instanceof Long whole) {
      attribute.setType(AttributeProto.AttributeType.INT).setI(whole);
    } else if (value instanceof Float real) {
      attribute.setType(AttributeProto.AttributeType.FLOAT).setF(real);
    } else {
      attribute.setType(AttributeProto.AttributeType.INTS);
      for (long each : (long[]) value) {
        attribute.addInts(each);
      }
    }
    return attribute.build();
  }
}
