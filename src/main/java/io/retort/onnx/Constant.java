package io.retort.onnx;

/** A tensor of numbers that stands in the file. */
public sealed interface Constant {

  /** Sides of the tensor; none for a scalar. */
  long[] shape();

  /**
   * float32.
   *
   * @param values row-major
   */
  record Floats(float[] values, long... shape) implements Constant {}

  /** int64, one axis; ONNX gives shapes this way. */
  record Longs(long... values) implements Constant {

    @Override
    public long[] shape() {
      return new long[] {values.length};
    }
  }
}
