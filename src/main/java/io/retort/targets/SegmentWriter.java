package io.retort.targets;

import io.retort.spec.Precision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A segment on its way: values go to a file of another name as they come, keys and header follow,
 * and a rename makes it visible once all of it is on the disk.
 */
final class SegmentWriter implements AutoCloseable {

  static final String SUFFIX = ".part";

  private static final int BUFFER_BYTES = 1 << 18;

  private final Path directory;
  private final String name = UUID.randomUUID().toString();
  private final int width;
  private final Precision precision;
  private final FileChannel out;
  private final CRC32C values = new CRC32C();
  private final ByteBuffer buffer;
  private int[] ids = new int[1024];
  private int rows;
  private float rounding;

  SegmentWriter(Path directory, int width, Precision precision) throws IOException {
    this.directory = directory;
    this.width = width;
    this.precision = precision;
    this.buffer =
        ByteBuffer.allocateDirect(Math.max(BUFFER_BYTES, width * precision.bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    this.out =
        FileChannel.open(unfinished(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    out.position(SegmentHeader.BYTES);
  }

  private Path unfinished() {
    return directory.resolve(name + SUFFIX);
  }

  /**
   * Adds a row.
   *
   * @param from holds its values, which are finite and fit the precision
   * @param at index of the first of them
   */
  void append(int id, FloatBuffer from, int at) throws IOException {
    if (buffer.remaining() < width * precision.bytes()) {
      flush(values);
    }
    for (int i = 0; i < width; i++) {
      put(from.get(at + i));
    }
    if (rows == ids.length) {
      ids = Arrays.copyOf(ids, rows * 2);
    }
    ids[rows++] = id;
  }

  private void put(float value) {
    if (precision == Precision.FLOAT32) {
      buffer.putFloat(value);
      return;
    }
    short half = Half.of(value);
    rounding = Math.max(rounding, Math.abs(value - Half.value(half)));
    buffer.putShort(half);
  }

  private void flush(CRC32C checksum) throws IOException {
    buffer.flip();
    checksum.update(buffer.duplicate());
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
    buffer.clear();
  }

  /** The ids of the rows so far, in order. */
  int[] ids() {
    return Arrays.copyOf(ids, rows);
  }

  /** Bytes of values so far. */
  long bytes() {
    return (long) rows * width * precision.bytes();
  }

  /** Makes the segment visible and returns its path. */
  Path commit(RowKeys keys) throws IOException {
    flush(values);
    CRC32C keyChecksum = new CRC32C();
    for (int r = 0; r < rows; r++) {
      if (buffer.remaining() < SegmentHeader.KEY_BYTES) {
        flush(keyChecksum);
      }
      buffer.putLong(keys.high(ids[r])).putLong(keys.low(ids[r]));
    }
    flush(keyChecksum);
    SegmentHeader header =
        new SegmentHeader(
            rows,
            width,
            precision,
            rounding,
            (int) values.getValue(),
            (int) keyChecksum.getValue());
    out.write(header.bytes(), 0);
    out.force(true);
    Path segment = directory.resolve(name + Segment.SUFFIX);
    Files.move(unfinished(), segment, StandardCopyOption.ATOMIC_MOVE);
    return segment;
  }

  /** Removes what was not committed. */
  @Override
  public void close() throws IOException {
    out.close();
    Files.deleteIfExists(unfinished());
  }
}
