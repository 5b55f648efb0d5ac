package io.retort.training;

import io.retort.plan.HostMemory;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** One native vector that holds every tensor of a network, so that an optimiser is one pass. */
final class FlatParameters implements AutoCloseable {

  private final INDArray flat;
  private final int trained;
  private final Map<String, INDArray> views = new LinkedHashMap<>();
  private final Map<String, INDArray> trainedViews = new LinkedHashMap<>();

  FlatParameters(ParameterLayout layout, DataType type) {
    flat = Nd4j.create(type, layout.size());
    trained = layout.trained();
    for (ParameterTensor t : layout.tensors()) {
      INDArray view =
          flat.get(NDArrayIndex.interval(t.offset(), t.offset() + t.size()))
              .reshape('c', t.shape());
      views.put(t.name(), view);
      if (t.kind().trained()) {
        trainedViews.put(t.name(), view);
      }
    }
  }

  /** Each tensor as a view of the vector, by name. */
  Map<String, INDArray> views() {
    return views;
  }

  /** Those tensors that have a gradient. */
  Map<String, INDArray> trained() {
    return trainedViews;
  }

  /** How many floats, from the first, have a gradient. */
  int trainedCount() {
    return trained;
  }

  INDArray vector() {
    return flat;
  }

  /** The vector's memory, by absolute index; FLOAT only. */
  FloatBuffer floats() {
    return flat.data().asNioFloat();
  }

  void read(float[] into) {
    HostMemory.isRead(flat);
    floats().get(0, into);
  }

  void write(float[] from) {
    floats().put(0, from);
    HostMemory.isWritten(flat);
  }

  @Override
  public void close() {
    flat.close();
  }
}
