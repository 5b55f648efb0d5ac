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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What one run on made-up rows shows: shapes that no declaration tells, and what the numbers look
 * like.
 *
 * @param outputs by name
 * @param taps tensors in between that hold something of every row
 */
record OnnxProbe(Map<String, Seen> outputs, List<TensorInfo> taps) {

  static final OnnxProbe NONE = new OnnxProbe(Map.of(), List.of());

  private static final int ROWS = 4;

  /**
   * @param shape of one row
   * @param values of all rows
   */
  record Seen(List<Integer> shape, float[] values) {}

  /**
   * @param batch rows that a run must have; -1 for any number
   * @param candidates tensors that may become taps
   */
  static OnnxProbe of(OnnxFile file, List<TensorInfo> inputs, int batch, List<String> candidates) {
    try {
      return run(file, inputs, batch, candidates);
    } catch (ForeignModelException e) {
      // some tensors cannot be made outputs; the model may well compute without them
      return candidates.isEmpty() ? rethrow(e) : run(file, inputs, batch, List.of());
    }
  }

  private static OnnxProbe rethrow(ForeignModelException e) {
    throw e;
  }

  private static OnnxProbe run(
      OnnxFile file, List<TensorInfo> inputs, int batch, List<String> candidates) {
    int rows = batch > 0 ? batch : ROWS;
    List<FloatBuffer> values = new ArrayList<>();
    List<long[]> shapes = new ArrayList<>();
    for (TensorInfo input : inputs) {
      values.add(madeUp(input, rows));
      shapes.add(withBatch(rows, input.shape()));
    }
    try (OnnxSession session = new OnnxSession(file.with(candidates), 1, false);
        OrtSession.Result result =
            session.run(values, shapes, List.copyOf(session.outputs().keySet()))) {
      Map<String, Seen> outputs = new LinkedHashMap<>();
      List<TensorInfo> taps = new ArrayList<>();
      for (Map.Entry<String, OnnxValue> entry : result) {
        if (!candidates.contains(entry.getKey())) {
          look(entry, rows, outputs);
        } else if (entry.getValue() instanceof OnnxTensor tensor
            && OnnxValues.isFloating(tensor.getInfo().type)
            && tensor.getInfo().getShape().length > 1
            && tensor.getInfo().getShape()[0] == rows) {
          taps.add(
              new TensorInfo(
                  entry.getKey(),
                  OnnxValues.name(tensor.getInfo().type),
                  row(tensor.getInfo().getShape())));
        }
      }
      return new OnnxProbe(outputs, taps);
    } catch (OrtException e) {
      throw ForeignModelException.unsupported("The model gives nothing that can be read.");
    }
  }

  private static void look(Map.Entry<String, OnnxValue> entry, int rows, Map<String, Seen> outputs)
      throws OrtException {
    if (entry.getValue() instanceof OnnxTensor tensor
        && !OnnxValues.isFloating(tensor.getInfo().type)) {
      outputs.put(entry.getKey(), new Seen(row(tensor.getInfo().getShape()), new float[0]));
      return;
    }
    FloatBuffer floats = OnnxValues.floats(entry.getValue());
    float[] values = new float[floats.remaining()];
    floats.get(values);
    List<Integer> shape =
        entry.getValue() instanceof OnnxTensor tensor
            ? row(tensor.getInfo().getShape())
            : List.of(values.length / rows);
    if (values.length % rows != 0) {
      throw ForeignModelException.unsupported(
          "The output %s does not hold one entry a row.".formatted(Names.shown(entry.getKey())));
    }
    outputs.put(entry.getKey(), new Seen(shape, values));
  }

  /** Normal numbers; for whole-number inputs, as token ids, 0 and 1, which every table has. */
  private static FloatBuffer madeUp(TensorInfo input, int rows) {
    FloatBuffer values =
        ByteBuffer.allocateDirect(
                Math.multiplyExact(Math.multiplyExact(input.size(), rows), Float.BYTES))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    Random random = new Random(7);
    boolean whole = input.type().startsWith("int");
    for (int i = 0; i < values.capacity(); i++) {
      values.put(i, whole ? i & 1 : (float) random.nextGaussian());
    }
    return values;
  }

  static long[] withBatch(int rows, List<Integer> shape) {
    long[] all = new long[shape.size() + 1];
    all[0] = rows;
    for (int i = 0; i < shape.size(); i++) {
      all[i + 1] = shape.get(i);
    }
    return all;
  }

  private static List<Integer> row(long[] shape) {
    return Arrays.stream(shape).skip(1).mapToObj(Math::toIntExact).toList();
  }
}
