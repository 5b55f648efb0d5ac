package io.retort.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The memory of a plan's intermediate arrays. Arrays whose lives do not overlap get the same
 * buffer; the pool owns all of them.
 */
final class ArrayPool implements AutoCloseable {

  /** A buffer that is much too large for an array is left to a larger one. */
  private static final int MOST_WASTE = 2;

  private final List<Buffer> buffers = new ArrayList<>();
  private final Map<String, Buffer> living = new HashMap<>();

  private static final class Buffer {
    private final INDArray memory;
    private int users;

    Buffer(INDArray memory) {
      this.memory = memory;
    }
  }

  /** Memory for a variable that nothing else alive uses; its content is arbitrary. */
  INDArray take(String variable, DataType type, long... shape) {
    long length = Math.max(1, length(shape));
    Buffer best = null;
    for (Buffer b : buffers) {
      if (b.users == 0
          && b.memory.dataType() == type
          && b.memory.length() >= length
          && b.memory.length() <= MOST_WASTE * length
          && (best == null || b.memory.length() < best.memory.length())) {
        best = b;
      }
    }
    if (best == null) {
      best = new Buffer(Nd4j.create(type, length));
      buffers.add(best);
    }
    return share(variable, best, shape);
  }

  /**
   * Another variable in the memory of one that is alive.
   *
   * @return null where the other variable's memory is not the pool's
   */
  @Nullable INDArray share(String variable, String with, long... shape) {
    Buffer buffer = living.get(with);
    return buffer == null ? null : share(variable, buffer, shape);
  }

  private INDArray share(String variable, Buffer buffer, long... shape) {
    buffer.users++;
    living.put(variable, buffer);
    // a view of the whole: never closed by itself
    return Nd4j.create(buffer.memory.data(), shape, Nd4j.getStrides(shape, 'c'), 0, 'c');
  }

  /** Whether a variable is the only one in its memory. */
  boolean isAlone(String variable) {
    Buffer buffer = living.get(variable);
    return buffer != null && buffer.users == 1;
  }

  /** A variable is not read any more. */
  void release(String variable) {
    Buffer buffer = living.remove(variable);
    if (buffer != null) {
      buffer.users--;
    }
  }

  /** Bytes of all buffers. */
  long bytes() {
    return buffers.stream().mapToLong(b -> b.memory.length() * b.memory.dataType().width()).sum();
  }

  private static long length(long[] shape) {
    long product = 1;
    for (long side : shape) {
      product *= side;
    }
    return product;
  }

  @Override
  public void close() {
    buffers.forEach(b -> b.memory.close());
    buffers.clear();
    living.clear();
  }
}
