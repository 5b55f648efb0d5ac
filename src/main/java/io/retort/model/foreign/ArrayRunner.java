package io.retort.model.foreign;

import io.retort.model.TensorInfo;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Runs a network of ND4J's arrays. */
final class ArrayRunner implements RunningModel {

  private static final int PROBE_ROWS = 4;

  private final ArrayNetwork network;
  private final Opening opening;
  private final List<TensorInfo> outputs = new ArrayList<>();

  private ArrayRunner(ArrayNetwork network, Opening opening) {
    this.network = network;
    this.opening = opening;
  }

  /** Opens by running once on zeros, which tells the shapes. */
  static ArrayRunner of(ArrayNetwork network, Opening opening) {
    Nd4j.getExecutioner(); // loads the backend that the holder hands out
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(opening.threads());
    ArrayRunner runner = new ArrayRunner(network, opening);
    List<INDArray> zeros =
        opening.rowShapes().stream()
            .map(s -> Nd4j.create(DataType.FLOAT, withBatch(1, s)))
            .toList();
    Map<String, INDArray> results = network.run(zeros, opening.outputs());
    for (String name : opening.outputs()) {
      runner.outputs.add(new TensorInfo(name, "float32", row(found(results, name))));
    }
    return runner;
  }

  /** Every tensor's values for some made-up rows, for an inspection. */
  static Map<String, INDArray> probe(
      ArrayNetwork network, List<TensorInfo> inputs, List<String> wanted) {
    List<INDArray> rows = new ArrayList<>();
    Random random = new Random(7);
    for (TensorInfo input : inputs) {
      float[] values = new float[Math.multiplyExact(PROBE_ROWS, input.size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      rows.add(Nd4j.createFromArray(values).reshape(withBatch(PROBE_ROWS, input.shape())));
    }
    return network.run(rows, wanted);
  }

  /** Of what a probe showed, the tensors that hold something of every row. */
  static List<TensorInfo> taps(Map<String, INDArray> probe, List<String> outputs) {
    Map<String, TensorInfo> taps = new LinkedHashMap<>();
    probe.forEach(
        (name, array) -> {
          if (!outputs.contains(name)
              && array.dataType().isFPType()
              && array.rank() > 1
              && array.size(0) == PROBE_ROWS) {
            taps.put(name, new TensorInfo(name, "float32", row(array)));
          }
        });
    return List.copyOf(taps.values());
  }

  static float[] floats(INDArray array) {
    return array.castTo(DataType.FLOAT).dup('c').data().asFloat();
  }

  static List<Integer> row(INDArray array) {
    return Arrays.stream(array.shape()).skip(1).mapToObj(Math::toIntExact).toList();
  }

  static long[] withBatch(int rows, List<Integer> shape) {
    return OnnxProbe.withBatch(rows, shape);
  }

  private static INDArray found(Map<String, INDArray> results, String name) {
    @Nullable INDArray array = results.get(name);
    if (array == null) {
      throw new ForeignModelException(
          "unknown_tensor", "The model has no tensor " + Names.shown(name) + ".");
    }
    return array;
  }

  @Override
  public List<TensorInfo> outputs() {
    return outputs;
  }

  @Override
  public void run(List<FloatBuffer> inputs, int rows, List<FloatBuffer> into) {
    List<INDArray> arrays = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      float[] values = new float[rows * opening.inputSizes().get(i)];
      inputs.get(i).get(0, values);
      arrays.add(Nd4j.createFromArray(values).reshape(withBatch(rows, opening.rowShapes().get(i))));
    }
    Map<String, INDArray> results = network.run(arrays, opening.outputs());
    for (int o = 0; o < outputs.size(); o++) {
      float[] values = floats(found(results, outputs.get(o).name()));
      if (values.length != rows * outputs.get(o).size()) {
        throw ForeignModelException.unsupported(
            "The output %s has another size for %d rows than for one."
                .formatted(Names.shown(outputs.get(o).name()), rows));
      }
      into.get(o).put(0, values);
    }
  }

  /** The arrays go with the process. */
  @Override
  public void close() {}
}
