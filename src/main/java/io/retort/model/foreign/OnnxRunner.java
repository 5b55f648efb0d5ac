package io.retort.model.foreign;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.retort.model.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;

/** Runs an ONNX model, in groups of as many rows as it takes. */
final class OnnxRunner implements RunningModel {

  private final OnnxSession session;
  private final Opening opening;
  private final List<Integer> sizes;
  private final int batch;
  private final List<TensorInfo> outputs = new ArrayList<>();

  private OnnxRunner(OnnxSession session, Opening opening, int batch) {
    this.session = session;
    this.opening = opening;
    this.sizes = opening.inputSizes();
    this.batch = batch;
  }

  /**
   * Opens by running once on zeros, which tells the shapes.
   *
   * @param batch rows that a run must have; -1 for any number
   */
  static OnnxRunner of(OnnxSession session, Opening opening, int batch) {
    OnnxRunner runner = new OnnxRunner(session, opening, batch);
    int rows = batch > 0 ? batch : 1;
    try (OrtSession.Result result = runner.run(runner.zeros(rows), rows)) {
      for (String name : opening.outputs()) {
        runner.outputs.add(shape(name, result.get(name).orElseThrow(), rows));
      }
      return runner;
    } catch (OrtException e) {
      throw ForeignModelException.unsupported("The model gives nothing that can be read.");
    }
  }

  private static TensorInfo shape(String name, OnnxValue value, int rows) throws OrtException {
    int count = OnnxValues.floats(value).remaining();
    if (value instanceof OnnxTensor tensor) {
      long[] shape = tensor.getInfo().getShape();
      if (shape.length > 0 && shape[0] == rows) {
        return new TensorInfo(
            name,
            OnnxValues.name(tensor.getInfo().type),
            Arrays.stream(shape).skip(1).mapToObj(Math::toIntExact).toList());
      }
    }
    return new TensorInfo(name, "float32", List.of(count / rows));
  }

  @Override
  public List<TensorInfo> outputs() {
    return outputs;
  }

  @Override
  public void run(List<FloatBuffer> inputs, int rows, List<FloatBuffer> into) {
    int group = batch > 0 ? batch : rows;
    for (int from = 0; from < rows; from += group) {
      int count = Math.min(group, rows - from);
      try (OrtSession.Result result = run(rowsOf(inputs, from, count, group), group)) {
        for (int o = 0; o < outputs.size(); o++) {
          int size = outputs.get(o).size();
          FloatBuffer values = OnnxValues.floats(result.get(outputs.get(o).name()).orElseThrow());
          if (values.remaining() != size * group) {
            throw ForeignModelException.unsupported(
                "The output %s has another size for %d rows than for one."
                    .formatted(Names.shown(outputs.get(o).name()), group));
          }
          into.get(o).put(from * size, values, values.position(), count * size);
        }
      } catch (OrtException e) {
        throw ForeignModelException.unsupported("The model gives nothing that can be read.");
      }
    }
  }

  private OrtSession.Result run(List<FloatBuffer> values, int rows) {
    List<long[]> shapes =
        opening.rowShapes().stream().map(shape -> OnnxProbe.withBatch(rows, shape)).toList();
    return session.run(values, shapes, List.copyOf(new LinkedHashSet<>(opening.outputs())));
  }

  /** The last group of a model with a fixed batch is filled up with zeros. */
  private List<FloatBuffer> rowsOf(List<FloatBuffer> inputs, int from, int count, int group) {
    if (from == 0 && count == group) {
      return inputs;
    }
    List<FloatBuffer> part = zeros(group);
    for (int i = 0; i < part.size(); i++) {
      part.get(i).put(0, inputs.get(i), from * sizes.get(i), count * sizes.get(i));
    }
    return part;
  }

  private List<FloatBuffer> zeros(int rows) {
    return sizes.stream()
        .map(
            size ->
                ByteBuffer.allocateDirect(
                        Math.multiplyExact(Math.multiplyExact(size, rows), Float.BYTES))
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer())
        .toList();
  }

  @Override
  public void close() {
    session.close();
  }
}
