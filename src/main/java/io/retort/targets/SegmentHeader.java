package io.retort.targets;

import io.retort.spec.Precision;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a segment, guarded by a checksum of their own.
 *
 * @param width numbers a row
 * @param rounding largest absolute difference between a value as computed and as stored
 * @param valueChecksum CRC-32C
 * @param keyChecksum CRC-32C
 */
record SegmentHeader(
    int rows, int width, Precision precision, float rounding, int valueChecksum, int keyChecksum) {

  static final int BYTES = 48;
  static final int KEY_BYTES = 2 * Long.BYTES;

  private static final long MAGIC = 0x31_47_45_53_54_4f_54_52L; // "RTOTSEG1"
  private static final int GUARDED = BYTES - Integer.BYTES;

  /** Null where the bytes are not a header. */
  static @Nullable SegmentHeader read(ByteBuffer file) {
    if (file.getLong(0) != MAGIC || file.getInt(GUARDED) != checksum(file)) {
      return null;
    }
    int rows = file.getInt(8);
    int precision = file.getInt(16);
    if (rows < 1 || precision < 0 || precision >= Precision.values().length) {
      return null; // a checksum does not say who wrote it
    }
    return new SegmentHeader(
        rows,
        file.getInt(12),
        Precision.values()[precision],
        file.getFloat(20),
        file.getInt(24),
        file.getInt(28));
  }

  ByteBuffer bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes
        .putLong(0, MAGIC)
        .putInt(8, rows)
        .putInt(12, width)
        .putInt(16, precision.ordinal())
        .putFloat(20, rounding)
        .putInt(24, valueChecksum)
        .putInt(28, keyChecksum)
        .putInt(GUARDED, checksum(bytes));
    return bytes;
  }

  private static int checksum(ByteBuffer header) {
    CRC32C crc = new CRC32C();
    crc.update(header.slice(0, GUARDED));
    return (int) crc.getValue();
  }

  int valueBytes() {
    return rows * width * precision.bytes();
  }

  long fileBytes() {
    return BYTES + (long) rows * width * precision.bytes() + (long) rows * KEY_BYTES;
  }
}
