package io.retort.plan;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Buffers of this package see an array's memory on the host. On a GPU that is a copy, which ND4J
 * brings up to date when it is told who wrote last; on a CPU there is one memory and nothing to do.
 */
public final class HostMemory {

  private HostMemory() {}

  /** To be called before Java reads what an operation has written. */
  public static void isRead(INDArray array) {
    Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
  }

  /** To be called after Java has written what an operation will read. */
  public static void isWritten(INDArray array) {
    Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
  }

  /** Sets an array from as many of the values as it holds, row-major. */
  public static void write(INDArray array, float[] values) {
    int length = Math.toIntExact(array.length());
    if (array.dataType() == DataType.FLOAT) {
      array.data().asNioFloat().put(0, values, 0, length);
    } else {
      for (int i = 0; i < length; i++) {
        array.data().put(i, values[i]);
      }
    }
    isWritten(array);
  }

  /** The opposite. */
  public static void read(INDArray array, float[] into) {
    isRead(array);
    if (array.dataType() == DataType.FLOAT) {
      array.data().asNioFloat().get(0, into, 0, Math.toIntExact(array.length()));
    } else {
      for (int i = 0; i < array.length(); i++) {
        into[i] = array.data().getFloat(i);
      }
    }
  }
}
