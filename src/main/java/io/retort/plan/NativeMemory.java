package io.retort.plan;

import java.util.ArrayDeque;
import java.util.Deque;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Owns native arrays and whatever else must be closed; closes all of it, last in first out. */
public final class NativeMemory implements AutoCloseable {

  private final Deque<AutoCloseable> owned = new ArrayDeque<>();

  public INDArray array(DataType type, long... shape) {
    INDArray array = Nd4j.create(type, shape);
    owned.push(array);
    return array;
  }

  public <T extends AutoCloseable> T own(T resource) {
    owned.push(resource);
    return resource;
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        failure =
            failure == null ? new IllegalStateException("native memory not freed", e) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
