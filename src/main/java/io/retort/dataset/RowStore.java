package io.retort.dataset;

import io.retort.spec.SpecReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Rows on disk, read through memory maps: {@code features.f32} [rows, columns], {@code labels.i32}
 * [rows], both little-endian, and {@code schema.json}. Never changed once it is there, so that any
 * number of threads and processes may read it.
 */
final class RowStore {

  static final String FEATURES = "features.f32";
  static final String LABELS = "labels.i32";
  static final String SCHEMA = "schema.json";

  private static final long SEGMENT_BYTES = 1L << 30;

  private final StoredSchema schema;
  private final FloatBuffer[] segments;
  private final int rowsPerSegment;
  private final IntBuffer labels;

  private RowStore(
      StoredSchema schema, FloatBuffer[] segments, int rowsPerSegment, IntBuffer labels) {
    this.schema = schema;
    this.segments = segments;
    this.rowsPerSegment = rowsPerSegment;
    this.labels = labels;
  }

  static RowStore open(Path directory) throws IOException {
    StoredSchema schema =
        SpecReader.mapper().readValue(directory.resolve(SCHEMA).toFile(), StoredSchema.class);
    long rowBytes = (long) schema.features().size() * Float.BYTES;
    int rowsPerSegment = (int) Math.max(1, SEGMENT_BYTES / rowBytes);
    long total = schema.rows() * rowBytes;
    long segmentBytes = rowsPerSegment * rowBytes;
    FloatBuffer[] segments =
        new FloatBuffer[Math.toIntExact((total + segmentBytes - 1) / segmentBytes)];
    try (FileChannel features = read(directory.resolve(FEATURES))) {
      for (int s = 0; s < segments.length; s++) {
        long at = s * segmentBytes;
        segments[s] = map(features, at, Math.min(segmentBytes, total - at)).asFloatBuffer();
      }
    }
    try (FileChannel channel = read(directory.resolve(LABELS))) {
      IntBuffer labels = map(channel, 0, (long) schema.rows() * Integer.BYTES).asIntBuffer();
      return new RowStore(schema, segments, rowsPerSegment, labels);
    }
  }

  private static FileChannel read(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ);
  }

  private static ByteBuffer map(FileChannel channel, long at, long bytes) throws IOException {
    return channel.map(FileChannel.MapMode.READ_ONLY, at, bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  StoredSchema schema() {
    return schema;
  }

  int columns() {
    return schema.features().size();
  }

  /** Copies a row to an index of a buffer. */
  void read(int row, FloatBuffer into, int at) {
    int columns = columns();
    into.put(at, segments[row / rowsPerSegment], (row % rowsPerSegment) * columns, columns);
  }

  int label(int row) {
    return labels.get(row);
  }
}
