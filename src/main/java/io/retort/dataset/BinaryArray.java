package io.retort.dataset;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** An array in a binary file, read from its first number to its last. */
final class BinaryArray implements AutoCloseable {

  /** A number's representation. */
  enum Kind {
    U8(1, true),
    I8(1, true),
    U16(2, true),
    I16(2, true),
    U32(4, true),
    I32(4, true),
    I64(8, true),
    F16(2, false),
    F32(4, false),
    F64(8, false);

    final int bytes;
    final boolean integral;

    Kind(int bytes, boolean integral) {
      this.bytes = bytes;
      this.integral = integral;
    }
  }

  /**
   * What a file's header says.
   *
   * @param dataOffset where the numbers begin
   */
  record Header(Kind kind, ByteOrder order, long[] shape, long dataOffset) {

    long count() {
      return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /** Numbers of one entry along the first axis. */
    long width() {
      return Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
    }
  }

  private final Header header;
  private final InputStream in;

  private BinaryArray(Header header, InputStream in) {
    this.header = header;
    this.in = in;
  }

  /**
   * @throws DatasetException where the file's length is not what its header says
   */
  static BinaryArray open(Path file, Header header, Location location) throws IOException {
    long expected;
    try {
      expected =
          Math.addExact(
              header.dataOffset(), Math.multiplyExact(header.count(), (long) header.kind().bytes));
    } catch (ArithmeticException e) {
      throw location.problem("bad_header", "The header claims more numbers than any file holds.");
    }
    long size = Files.size(file);
    if (size != expected) {
      throw location.problem(
          size < expected ? "truncated_file" : "bad_header",
          "The header announces shape %s, %,d bytes in all, but the file has %,d."
              .formatted(Arrays.toString(header.shape()), expected, size));
    }
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 18);
    in.skipNBytes(header.dataOffset());
    return new BinaryArray(header, in);
  }

  Header header() {
    return header;
  }

  /** A buffer for {@link #read}, in the array's byte order. */
  ByteBuffer buffer(int numbers) {
    return ByteBuffer.allocate(Math.multiplyExact(numbers, header.kind.bytes)).order(header.order);
  }

  /** Fills the buffer with the next numbers; false at the end. */
  @SuppressWarnings("ByteBufferBackingArray") // made by buffer(), so it begins at 0
  boolean read(ByteBuffer into) throws IOException {
    int n = in.readNBytes(into.array(), 0, into.capacity());
    if (n != 0 && n < into.capacity()) {
      throw new EOFException("the file became shorter");
    }
    return n > 0;
  }

  double number(ByteBuffer from, int index) {
    int at = index * header.kind.bytes;
    return switch (header.kind) {
      case U8 -> from.get(at) & 0xff;
      case I8 -> from.get(at);
      case U16 -> from.getShort(at) & 0xffff;
      case I16 -> from.getShort(at);
      case U32 -> from.getInt(at) & 0xffffffffL;
      case I32 -> from.getInt(at);
      case I64 -> from.getLong(at);
      case F16 -> half(from.getShort(at));
      case F32 -> from.getFloat(at);
      case F64 -> from.getDouble(at);
    };
  }

  /** IEEE 754 binary16. */
  static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) {
      return Math.copySign(fraction * 0x1p-24f, sign == 0 ? 1f : -1f);
    }
    int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | (wide << 23) | (fraction << 13));
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      // read only: nothing can be lost
    }
  }
}
