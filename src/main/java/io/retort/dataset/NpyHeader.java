package io.retort.dataset;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header of a NumPy file: magic, version, and a Python dictionary as text (NEP 1). */
final class NpyHeader {

  private static final int MAX_HEADER = 65_536;
  private static final int MAX_DIMENSIONS = 5;
  private static final Pattern DIMENSION = Pattern.compile("[1-9]\\d{0,14}");
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([a-z?])(\\d*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d\\s,L]*)\\)");

  private NpyHeader() {}

  static BinaryArray.Header read(Path file, Location location) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      byte[] magic = in.readNBytes(6);
      if (magic.length < 6
          || (magic[0] & 0xff) != 0x93
          || !new String(magic, 1, 5, StandardCharsets.US_ASCII).equals("NUMPY")) {
        throw location.problem("wrong_magic", "The file does not begin like a NumPy file (.npy).");
      }
      int version = in.readUnsignedByte();
      in.readUnsignedByte();
      boolean wide = version >= 2;
      long length =
          wide
              ? Integer.reverseBytes(in.readInt()) & 0xffffffffL
              : Short.reverseBytes(in.readShort()) & 0xffff;
      if (version < 1 || version > 3 || length > MAX_HEADER) {
        throw location.problem(
            "bad_header", "The NumPy header is of an unknown version or length.");
      }
      byte[] text = in.readNBytes((int) length);
      if (text.length < length) {
        throw new EOFException();
      }
      return parse(new String(text, StandardCharsets.UTF_8), (wide ? 12 : 10) + length, location);
    } catch (EOFException e) {
      throw location.problem("truncated_file", "The NumPy file ends within its header.");
    }
  }

  private static BinaryArray.Header parse(String text, long offset, Location location) {
    Matcher descr = DESCR.matcher(text);
    Matcher order = ORDER.matcher(text);
    Matcher shape = SHAPE.matcher(text);
    if (!descr.find() || !order.find() || !shape.find()) {
      throw location.problem(
          "bad_header",
          "The NumPy header describes no plain array of numbers; objects and records cannot be read.");
    }
    long[] dims =
        Arrays.stream(shape.group(1).replace("L", "").split(","))
            .map(String::strip)
            .filter(s -> !s.isEmpty())
            .mapToLong(s -> dimension(s, location))
            .toArray();
    if (dims.length == 0 || dims.length > MAX_DIMENSIONS) {
      throw location.problem(
          "bad_shape", "The array has %d dimensions; 1 to 5 can be read.".formatted(dims.length));
    }
    if (order.group(1).equals("True") && dims.length > 1) {
      throw location.problem(
          "fortran_order",
          "The array is stored column by column; save np.ascontiguousarray(array) instead.");
    }
    return new BinaryArray.Header(
        kind(descr.group(2), descr.group(3), location),
        descr.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
        dims,
        offset);
  }

  private static long dimension(String digits, Location location) {
    if (!DIMENSION.matcher(digits).matches()) {
      throw location.problem(
          "bad_shape", "The NumPy header has a dimension of " + Shorten.text(digits) + ".");
    }
    return Long.parseLong(digits);
  }

  private static BinaryArray.Kind kind(String letter, String bytes, Location location) {
    return switch (letter + bytes) {
      case "u1", "b1", "?" -> BinaryArray.Kind.U8;
      case "i1" -> BinaryArray.Kind.I8;
      case "u2" -> BinaryArray.Kind.U16;
      case "i2" -> BinaryArray.Kind.I16;
      case "u4" -> BinaryArray.Kind.U32;
      case "i4" -> BinaryArray.Kind.I32;
      case "i8", "u8" -> BinaryArray.Kind.I64;
      case "f2" -> BinaryArray.Kind.F16;
      case "f4" -> BinaryArray.Kind.F32;
      case "f8" -> BinaryArray.Kind.F64;
      default ->
          throw location.problem(
              "bad_type",
              "The array holds numbers of type "
                  + Shorten.text(letter + bytes)
                  + "; integers, float16, float32 and float64 can be read.");
    };
  }
}
