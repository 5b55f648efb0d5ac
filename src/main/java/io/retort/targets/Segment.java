package io.retort.targets;

import io.retort.spec.Precision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file of one output's values for some rows, read through a memory map. Little-endian: a header,
 * values [rows, width], keys [rows, 2]. It appears whole, is never changed, and both halves carry a
 * checksum, so that what a disk has done to it is noticed rather than served.
 */
final class Segment {

  static final String SUFFIX = ".segment";

  private final SegmentHeader header;
  private final ByteBuffer values;
  private final FloatBuffer floats;
  private final ShortBuffer halves;
  private final LongBuffer keys;

  private Segment(SegmentHeader header, ByteBuffer file) {
    this.header = header;
    int end = SegmentHeader.BYTES + header.valueBytes();
    this.values = part(file, SegmentHeader.BYTES, end);
    this.floats = values.asFloatBuffer();
    this.halves = values.asShortBuffer();
    this.keys = part(file, end, file.capacity()).asLongBuffer();
  }

  /**
   * Opens a segment whose header and keys are as they were written.
   *
   * @return null where the file is damaged or not of this width and precision
   */
  static @Nullable Segment open(Path path, int width, Precision precision) throws IOException {
    ByteBuffer file;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < SegmentHeader.BYTES || size > Integer.MAX_VALUE) {
        return null;
      }
      file = channel.map(FileChannel.MapMode.READ_ONLY, 0, size).order(ByteOrder.LITTLE_ENDIAN);
    }
    SegmentHeader header = SegmentHeader.read(file);
    if (header == null
        || header.width() != width
        || header.precision() != precision
        || header.fileBytes() != file.capacity()) {
      return null;
    }
    Segment segment = new Segment(header, file);
    ByteBuffer keyBytes = part(file, SegmentHeader.BYTES + header.valueBytes(), file.capacity());
    return checksum(keyBytes) == header.keyChecksum() ? segment : null;
  }

  private static ByteBuffer part(ByteBuffer file, int from, int to) {
    return file.slice(from, to - from).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** Reads every value once; what is not intact must not be served. */
  boolean intact() {
    return checksum(values.duplicate()) == header.valueChecksum();
  }

  int rows() {
    return header.rows();
  }

  /** Largest absolute difference between a value as computed and as stored. */
  float rounding() {
    return header.rounding();
  }

  long high(int row) {
    return keys.get(2 * row);
  }

  long low(int row) {
    return keys.get(2 * row + 1);
  }

  /** Copies a row's values to an index of a buffer. */
  void read(int row, FloatBuffer into, int at) {
    int width = header.width();
    int from = row * width;
    if (header.precision() == Precision.FLOAT32) {
      into.put(at, floats, from, width);
    } else {
      for (int i = 0; i < width; i++) {
        into.put(at + i, Half.value(halves.get(from + i)));
      }
    }
  }
}
