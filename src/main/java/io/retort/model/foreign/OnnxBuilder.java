package io.retort.model.foreign;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.ByteString;

/** Builds an ONNX graph node by node; ranks are kept, as Keras' images have their channels last. */
final class OnnxBuilder {

  private static final int OPSET = 17;
  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("keras");
  private int made;

  /**
   * A tensor of the graph.
   *
   * @param rank sides, the batch among them
   */
  record Value(String name, int rank) {}

  Value input(String name, List<Integer> shape) {
    TensorShapeProto.Builder sides =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"));
    for (int side : shape) {
      TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
      if (side > 0) {
        dimension.setDimValue(side);
      }
      sides.addDim(dimension);
    }
    graph.addInput(
        ValueInfoProto.newBuilder()
            .setName(name)
            .setType(
                TypeProto.newBuilder()
                    .setTensorType(
                        TypeProto.Tensor.newBuilder().setElemType(FLOAT).setShape(sides))));
    return new Value(name, shape.size() + 1);
  }

  void output(String name) {
    graph.addOutput(ValueInfoProto.newBuilder().setName(name));
  }

  Value constant(int[] shape, float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    String name = fresh();
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(FLOAT)
            .addAllDims(Arrays.stream(shape).asLongStream().boxed().toList())
            .setRawData(ByteString.copyFrom(bytes.array())));
    return new Value(name, shape.length);
  }

  Value numbers(long... values) {
    String name = fresh();
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(INT64)
            .addDims(values.length)
            .addAllInt64Data(LongStream.of(values).boxed().toList()));
    return new Value(name, 1);
  }

  /** Adds a node of one output. */
  Value node(String type, int rank, List<AttributeProto> attributes, Value... inputs) {
    String name = fresh();
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(type)
            .addAllInput(Arrays.stream(inputs).map(Value::name).toList())
            .addOutput(name)
            .addAllAttribute(attributes));
    return new Value(name, rank);
  }

  Value node(String type, int rank, Value... inputs) {
    return node(type, rank, List.of(), inputs);
  }

  /**
   * Gives a value its layer's name, channels first where it has any; what goes on is the value as
   * Keras has it.
   */
  Value named(String layer, Value value) {
    boolean image = value.rank() > 2;
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(image ? "Transpose" : "Identity")
            .addInput(value.name())
            .addOutput(layer)
            .addAllAttribute(
                image ? List.of(ints("perm", channelsFirst(value.rank()))) : List.of()));
    return image ? value : new Value(layer, value.rank());
  }

  Value channelsFirst(Value value) {
    return node(
        "Transpose", value.rank(), List.of(ints("perm", channelsFirst(value.rank()))), value);
  }

  Value channelsLast(Value value) {
    long[] order =
        LongStream.concat(
                LongStream.of(0),
                LongStream.concat(LongStream.range(2, value.rank()), LongStream.of(1)))
            .toArray();
    return node("Transpose", value.rank(), List.of(ints("perm", order)), value);
  }

  private static long[] channelsFirst(int rank) {
    return IntStream.range(0, rank)
        .mapToLong(i -> i == 0 ? 0 : i == 1 ? rank - 1 : i - 1)
        .toArray();
  }

  static AttributeProto ints(String name, long... values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(LongStream.of(values).boxed().toList())
        .build();
  }

  static AttributeProto number(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto decimal(String name, double value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF((float) value)
        .build();
  }

  static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  private String fresh() {
    return "retort/" + made++;
  }

  ModelProto model() {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .setProducerName("retort from Keras")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
        .setGraph(graph)
        .build();
  }
}
