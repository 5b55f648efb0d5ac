package io.retort.dataset;

import io.retort.outgoing.Outgoing;
import io.retort.spec.Cancellation;
import io.retort.spec.DatasetSpec;
import io.retort.spec.SpecReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A file root with datasets on it, and the means to write files of every format byte by byte. */
final class TestFiles {

  static final DatasetLimits LIMITS = new DatasetLimits(1 << 20, 10_000, 1_000, 50);

  final Path root;
  final Path files;
  final Datasets datasets;

  TestFiles(Path directory) throws IOException {
    root = directory.resolve("data");
    files = Files.createDirectories(directory.resolve("files"));
    datasets =
        new Datasets(
            root,
            LIMITS,
            List.of(files),
            new Outgoing(List.of(), "a.setting"),
            id -> {
              throw DatasetException.of("not_found", "/dataset/uri", "no dataset " + id);
            });
  }

  PreparedDataset prepare(String uri) {
    return prepare("{\"uri\": \"" + uri + "\"}", true);
  }

  /** Reads a spec of the `dataset` object. */
  PreparedDataset prepare(String json, boolean isSpec) {
    return datasets.prepare(spec(json), Cancellation.NONE);
  }

  static DatasetSpec spec(String json) {
    return SpecReader.mapper().readValue(json, DatasetSpec.class);
  }

  String text(String name, String content) {
    return bytes(name, content.getBytes(StandardCharsets.UTF_8));
  }

  String bytes(String name, byte[] content) {
    try {
      Files.write(files.resolve(name), content);
      return "file:" + name;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String parquet(String name, String select) throws SQLException {
    return parquet(name, select, "COMPRESSION snappy");
  }

  /**
   * @param options of DuckDB's {@code COPY}
   */
  String parquet(String name, String select, String options) throws SQLException {
    try (var c = DriverManager.getConnection("jdbc:duckdb:");
        var s = c.createStatement()) {
      s.execute(
          "COPY (%s) TO '%s' (FORMAT parquet, %s)".formatted(select, files.resolve(name), options));
    }
    return "file:" + name;
  }

  /** A CSV of n rows: two features that tell its two classes apart. */
  static String csv(int n) {
    StringBuilder text = new StringBuilder("a,b,label\n");
    for (int i = 0; i < n; i++) {
      text.append(i).append(',').append(i % 2).append(',').append(i % 2 == 0 ? "no" : "yes");
      text.append('\n');
    }
    return text.toString();
  }

  static byte[] gzip(byte[] content) {
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
      try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
        out.write(content);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] zip(Object... namesAndContents) {
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
      try (ZipOutputStream out = new ZipOutputStream(bytes)) {
        for (int i = 0; i < namesAndContents.length; i += 2) {
          out.putNextEntry(new ZipEntry((String) namesAndContents[i]));
          out.write((byte[]) namesAndContents[i + 1]);
        }
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A NumPy file of version 1. */
  static byte[] npy(String descr, String shape, byte[] data) {
    return npy(
        "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }", data);
  }

  static byte[] npy(String header, byte[] data) {
    byte[] text = (header + "\n").getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(10 + text.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0x93)
        .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) text.length)
        .put(text)
        .put(data)
        .array();
  }

  static byte[] floats(ByteOrder order, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(order);
    for (float v : values) {
      bytes.putFloat(v);
    }
    return bytes.array();
  }

  /** An IDX file of unsigned bytes. */
  static byte[] idx(int[] shape, int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * shape.length + values.length);
    bytes.putShort((short) 0).put((byte) 8).put((byte) shape.length);
    for (int d : shape) {
      bytes.putInt(d);
    }
    for (int v : values) {
      bytes.put((byte) v);
    }
    return bytes.array();
  }
}
