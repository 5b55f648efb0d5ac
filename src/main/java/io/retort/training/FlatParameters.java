package io.retort.training;

import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** One native vector that holds every tensor of a network, so that an optimiser is one pass. */
final class FlatParameters implements AutoCloseable {

  private final INDArray flat;
  private final Map<String, INDArray> views = new LinkedHashMap<>();

  FlatParameters(ParameterLayout layout, DataType type) {
    flat = Nd4j.create(type, layout.size());
    for (ParameterTensor t : layout.tensors()) {
      views.put(
          t.name(),
          flat.get(NDArrayIndex.interval(t.offset(), t.offset() + t.size()))
              .reshape('c', t.shape()));
    }
  }

  /** Each tensor as a view of the vector, by name. */
  Map<String, INDArray> views() {
    return views;
  }

  INDArray vector() {
    return flat;
  }

  void read(float[] into) {
    flat.data().asNioFloat().get(0, into);
  }

  void write(float[] from) {
    flat.data().asNioFloat().put(0, from);
  }

  @Override
  public void close() {
    flat.close();
  }
}
