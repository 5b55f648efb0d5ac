package io.retort.serving;

import io.retort.teacher.Softmax;
import io.retort.teacher.Teacher;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * A model that is open. One request at a time goes through it; others wait.
 *
 * @param shape of a row's features
 */
record ServedModel(Teacher network, List<Integer> shape) implements AutoCloseable {

  /** Rows that go through the network together. */
  static final int BATCH = 64;

  /** Bytes of the buffers that a network of some parameters keeps, at least roughly. */
  static long bytes(long parameters) {
    return (4L << 20) + parameters * Float.BYTES * 2;
  }

  List<String> classes() {
    return network.classes();
  }

  int columns() {
    return network.columns();
  }

  /**
   * @param features [rows, columns], row-major
   * @return logits, [rows, classes]
   */
  synchronized float[] logits(float[] features, int rows) {
    int columns = columns();
    int classes = classes().size();
    float[] logits = new float[rows * classes];
    FloatBuffer in = floats(BATCH * columns);
    FloatBuffer out = floats(BATCH * classes);
    for (int from = 0; from < rows; from += BATCH) {
      int count = Math.min(BATCH, rows - from);
      in.put(0, features, from * columns, count * columns);
      network.logits(in, count, out);
      out.get(0, logits, from * classes, count * classes);
    }
    return logits;
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /** Each row's probabilities, from its logits. */
  static float[] probabilities(float[] logits, int classes) {
    float[] result = new float[logits.length];
    double[] row = new double[classes];
    for (int at = 0; at < logits.length; at += classes) {
      Softmax.of(FloatBuffer.wrap(logits), at, row);
      for (int c = 0; c < classes; c++) {
        result[at + c] = (float) row[c];
      }
    }
    return result;
  }

  @Override
  public synchronized void close() {
    network.close();
  }
}
