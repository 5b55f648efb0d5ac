package io.retort.targets;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Rows of floats in a file of any length; one mapping cannot be longer than 2 GB. */
final class MappedFloats {

  private static final long SEGMENT_BYTES = 1L << 30;

  private final FloatBuffer[] segments;
  private final int rowsPerSegment;
  private final int width;

  private MappedFloats(FloatBuffer[] segments, int rowsPerSegment, int width) {
    this.segments = segments;
    this.rowsPerSegment = rowsPerSegment;
    this.width = width;
  }

  /**
   * @param width floats a row; no row straddles two mappings
   */
  static MappedFloats of(Path file, int width) throws IOException {
    long rowBytes = (long) width * Float.BYTES;
    int rows = Math.toIntExact(SEGMENT_BYTES / rowBytes);
    long segmentBytes = rows * rowBytes;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      FloatBuffer[] segments =
          new FloatBuffer[Math.toIntExact((size + segmentBytes - 1) / segmentBytes)];
      for (int s = 0; s < segments.length; s++) {
        long at = s * segmentBytes;
        segments[s] =
            channel
                .map(FileChannel.MapMode.READ_ONLY, at, Math.min(segmentBytes, size - at))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
      }
      return new MappedFloats(segments, rows, width);
    }
  }

  void read(int row, FloatBuffer into, int at) {
    into.put(at, segments[row / rowsPerSegment], (row % rowsPerSegment) * width, width);
  }
}
