package io.retort.dataset;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The header of an IDX file, as MNIST uses it: two zeros, a type, the dimensions, big-endian. */
final class IdxHeader {

  private static final int MAX_DIMENSIONS = 5;

  private IdxHeader() {}

  static BinaryArray.Header read(Path file, Location location) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      if (in.readUnsignedShort() != 0) {
        throw wrongMagic(location);
      }
      BinaryArray.Kind kind = kind(in.readUnsignedByte(), location);
      int dimensions = in.readUnsignedByte();
      if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
        throw wrongMagic(location);
      }
      long[] shape = new long[dimensions];
      for (int i = 0; i < dimensions; i++) {
        shape[i] = in.readInt() & 0xffffffffL;
        if (shape[i] == 0) {
          throw location.problem("bad_shape", "The IDX header has a dimension of 0.");
        }
      }
      return new BinaryArray.Header(kind, ByteOrder.BIG_ENDIAN, shape, 4 + 4L * dimensions);
    } catch (EOFException e) {
      throw location.problem("truncated_file", "The IDX file ends within its header.");
    }
  }

  private static BinaryArray.Kind kind(int code, Location location) {
    return switch (code) {
      case 0x08 -> BinaryArray.Kind.U8;
      case 0x09 -> BinaryArray.Kind.I8;
      case 0x0B -> BinaryArray.Kind.I16;
      case 0x0C -> BinaryArray.Kind.I32;
      case 0x0D -> BinaryArray.Kind.F32;
      case 0x0E -> BinaryArray.Kind.F64;
      default -> throw wrongMagic(location);
    };
  }

  private static DatasetException wrongMagic(Location location) {
    return location.problem(
        "wrong_magic", "The file does not begin like an IDX file (the format of MNIST).");
  }
}
