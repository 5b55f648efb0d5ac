package io.retort.dataset;

import io.retort.spec.DataFormat;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Tells a file's format by its first bytes, then by its name. */
public final class FormatGuess {

  private static final int HEAD = 512;

  private FormatGuess() {}

  /**
   * Guesses, packed files included.
   *
   * @param name decides only between formats of plain text
   * @throws DatasetException where it is none that Retort reads
   */
  public static DataFormat of(Path file, String name) throws IOException {
    byte[] head = head(file);
    if (starts(head, 'P', 'A', 'R', '1')) {
      return DataFormat.PARQUET;
    }
    if (starts(head, 0x93, 'N', 'U', 'M', 'P', 'Y')) {
      return DataFormat.NPY;
    }
    if (starts(head, 'P', 'K', 3, 4)) {
      return DataFormat.NPZ;
    }
    if (head.length >= 8 && head[0] == 0 && head[1] == 0 && head[2] >= 8 && head[2] <= 14) {
      return DataFormat.IDX;
    }
    return text(head, name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", ""));
  }

  private static DataFormat text(byte[] head, String name) {
    if (starts(head, 0xFF, 0xFE) || starts(head, 0xFE, 0xFF)) {
      throw DatasetException.of(
          "bad_encoding", "/dataset/uri", "The file is UTF-16; save it as UTF-8.");
    }
    int first = -1;
    for (byte b : head) {
      if (b == 0 || (b > 0 && b < 32 && b != '\t' && b != '\n' && b != '\r' && b != '\f')) {
        throw DatasetException.of(
            "unknown_format",
            "/dataset/format",
            "The file is none of CSV, Parquet, JSON Lines, NPY, NPZ and IDX (also gzipped):"
                + " it is binary, but begins like none of them.");
      }
      if (first < 0
          && !Character.isWhitespace(b)
          && b != (byte) 0xEF
          && b != (byte) 0xBB
          && b != (byte) 0xBF) {
        first = b;
      }
    }
    if (first == '{' || name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
      return DataFormat.JSONL;
    }
    if (first == '[' && new String(head, StandardCharsets.UTF_8).matches("(?s)\\W*\\[\\s*\\{.*")) {
      throw DatasetException.of(
          "bad_json",
          "/dataset/uri",
          "The file is one JSON array; JSON Lines have one object a line. Pandas writes them with"
              + " to_json(orient=\"records\", lines=True).");
    }
    return DataFormat.CSV;
  }

  /** The first bytes, of what is inside where the file is packed. */
  private static byte[] head(Path file) throws IOException {
    boolean packed = Gunzip.applies(file);
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = packed ? new GZIPInputStream(raw) : raw) {
      return in.readNBytes(HEAD);
    } catch (EOFException | ZipException e) {
      throw DatasetException.of(
          "truncated_gzip",
          "/dataset/uri",
          "The gzip file is damaged or ends too early; upload it again.");
    }
  }

  private static boolean starts(byte[] head, int... magic) {
    if (head.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
