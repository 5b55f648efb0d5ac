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

  /**
   * int32.
   *
   * @param values row-major
   */
  record Ints(int[] values, long... shape) implements Constant {}

  /**
   * int8.
   *
   * @param values row-major
   */
  record Bytes(byte[] values, long... shape) implements Constant {}

  /**
   * One uint8.
   *
   * @param value 0..255
   */
  record UnsignedByte(int value) implements Constant {

    @Override
    public long[] shape() {
      return new long[0];
    }
  }
}
