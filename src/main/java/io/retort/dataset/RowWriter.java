package io.retort.dataset;

import io.retort.spec.Cancellation;
import io.retort.spec.DataFormat;
import io.retort.spec.Sha256;
import io.retort.spec.SpecReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Streams the rows of a reader into a new store's files, checking every value on the way. */
final class RowWriter {

  private static final int CHECK_EVERY = 1024;
  private static final int LABEL_CHUNK = 16_384;

  private final Path directory;
  private final DatasetLimits limits;
  private final Cancellation cancellation;
  private final MessageDigest digest = Sha256.digest();
  private final ClassNames classes;
  private int[] codes = new int[4096];
  private int rows;

  RowWriter(Path directory, DatasetLimits limits, Cancellation cancellation) {
    this.directory = directory;
    this.limits = limits;
    this.cancellation = cancellation;
    this.classes = new ClassNames(limits.maxClasses());
  }

  /**
   * Writes everything; the files are on disk when this returns.
   *
   * @throws DatasetException where a value, a label or the whole is at fault
   */
  void write(RowReader reader, DataFormat format) throws IOException {
    if (reader.features().size() > limits.maxColumns()) {
      throw DatasetException.unreadable(
          "too_many_columns",
          "The dataset has %,d feature columns; at most %,d are allowed."
              .formatted(reader.features().size(), limits.maxColumns()));
    }
    writeFeatures(reader);
    checkClasses(reader.labelled());
    writeLabels();
    StoredSchema schema =
        new StoredSchema(
            HexFormat.of().formatHex(digest.digest()),
            format,
            rows,
            reader.features(),
            reader.shape(),
            classes.names(),
            classes.counts());
    Path file = directory.resolve(RowStore.SCHEMA);
    Files.write(
        file,
        SpecReader.mapper().writeValueAsBytes(schema),
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.SYNC);
  }

  private void writeFeatures(RowReader reader) throws IOException {
    List<String> names = reader.features();
    float[] row = new float[names.size()];
    int rowBytes = row.length * Float.BYTES;
    ByteBuffer chunk =
        ByteBuffer.allocate(Math.max(rowBytes, (1 << 20) / rowBytes * rowBytes))
            .order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel out = create(RowStore.FEATURES)) {
      while (reader.next(row)) {
        checkFinite(row, names);
        append(classes.code(reader.label(), rows + 1L));
        chunk.asFloatBuffer().put(row);
        chunk.position(chunk.position() + rowBytes);
        if (chunk.remaining() < rowBytes) {
          flush(chunk, out);
        }
        if (rows % CHECK_EVERY == 0) {
          cancellation.check();
        }
      }
      flush(chunk, out);
      out.force(true);
    }
  }

  private void append(int code) {
    if (rows == limits.maxRows()) {
      throw DatasetException.unreadable(
          "too_many_rows", "The dataset has more than %,d rows.".formatted(limits.maxRows()));
    }
    if (rows == codes.length) {
      codes = Arrays.copyOf(codes, rows * 2);
    }
    codes[rows++] = code;
  }

  private void checkFinite(float[] row, List<String> names) {
    for (int c = 0; c < row.length; c++) {
      if (!Float.isFinite(row[c])) {
        throw DatasetException.unreadable(
            "not_finite",
            "Row %,d, column %s is %s; every value must be a finite 32-bit float."
                .formatted(
                    rows + 1,
                    Shorten.text(names.get(c)),
                    Float.isNaN(row[c]) ? "NaN" : "infinite"));
      }
    }
  }

  private void checkClasses(boolean labelled) {
    if (rows == 0) {
      throw DatasetException.unreadable("empty_dataset", "The dataset has no rows.");
    }
    if (labelled && classes.names().size() < 2) {
      throw DatasetException.of(
          "one_class",
          "/dataset/label",
          "All %,d rows have the label %s; at least two classes are needed."
              .formatted(rows, Shorten.text(classes.names().get(0))));
    }
  }

  private void writeLabels() throws IOException {
    int[] place = classes.order();
    ByteBuffer chunk =
        ByteBuffer.allocate(LABEL_CHUNK * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel out = create(RowStore.LABELS)) {
      for (int r = 0; r < rows; r++) {
        chunk.putInt(place[codes[r]]);
        if (!chunk.hasRemaining()) {
          flush(chunk, out);
        }
      }
      flush(chunk, out);
      out.force(true);
    }
  }

  private FileChannel create(String name) throws IOException {
    return FileChannel.open(
        directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private void flush(ByteBuffer chunk, FileChannel out) throws IOException {
    chunk.flip();
    digest.update(chunk.duplicate());
    while (chunk.hasRemaining()) {
      out.write(chunk);
    }
    chunk.clear();
  }
}
