package io.retort.model.foreign;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;

/**
 * Reads the row of numbers that ND4J writes: a buffer with the array's shape, then a buffer with
 * its numbers, each with a header of its own, big-endian. ND4J's own reader believes every header.
 */
final class Dl4jCoefficients {

  private Dl4jCoefficients() {}

  static float[] read(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      long[] shape = shape(in);
      in.readUTF(); // the kind of allocation; says nothing here
      long count = in.readLong();
      String type = in.readUTF();
      int width =
          switch (type) {
            case "FLOAT" -> Float.BYTES;
            case "DOUBLE" -> Double.BYTES;
            default -> throw bad("its numbers are of type " + Names.shown(type));
          };
      long numbers = shape.length == 1 ? shape[0] : shape[0] * shape[1];
      boolean row = shape.length == 1 || shape[0] == 1;
      if (!row || numbers != count || in.available() != count * width) {
        throw bad("the header of its coefficients does not fit them");
      }
      float[] values = new float[(int) count];
      for (int i = 0; i < values.length; i++) {
        values[i] = width == Float.BYTES ? in.readFloat() : (float) in.readDouble();
        if (!Float.isFinite(values[i])) {
          throw bad("parameter " + i + " is not finite");
        }
      }
      return values;
    } catch (EOFException | java.io.UTFDataFormatException e) {
      throw bad("its coefficients end too early");
    }
  }

  /** Rank, then sides, strides and three more. */
  private static long[] shape(DataInputStream in) throws IOException {
    in.readUTF();
    long length = in.readLong();
    String type = in.readUTF();
    boolean wide = type.equals("LONG");
    if ((length != 6 && length != 8) || (!wide && !type.equals("INT"))) {
      throw bad("the header of its coefficients is none of ND4J's");
    }
    long[] info = new long[(int) length];
    for (int i = 0; i < info.length; i++) {
      info[i] = wide ? in.readLong() : in.readInt();
    }
    long rank = info[0];
    boolean sound =
        (rank == 1 || rank == 2)
            && length == 2 * rank + 4
            && info[1] > 0
            && info[1] < Integer.MAX_VALUE
            && (rank == 1 || (info[2] > 0 && info[2] < Integer.MAX_VALUE));
    if (!sound) {
      throw bad("the shape of its coefficients is none of a row");
    }
    return rank == 1 ? new long[] {info[1]} : new long[] {info[1], info[2]};
  }

  private static ForeignModelException bad(String what) {
    return ForeignModelException.damaged(what);
  }
}
