package io.retort.registry;

import io.retort.spec.DataFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** Guesses a file's format from its first bytes; for display, as reading looks for itself. */
final class FormatByContent {

  private static final int HEAD = 512;

  private FormatByContent() {}

  static DataFormat of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(HEAD);
      return of(isGzip(head) ? unzipped(head) : head);
    }
  }

  private static DataFormat of(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith("PAR1")) {
      return DataFormat.PARQUET;
    }
    if (text.startsWith("\u0093NUMPY")) {
      return DataFormat.NPY;
    }
    if (text.startsWith("PK\u0003\u0004")) {
      return DataFormat.NPZ;
    }
    if (head.length >= 4 && head[0] == 0 && head[1] == 0 && head[2] >= 8 && head[2] <= 0x0e) {
      return DataFormat.IDX;
    }
    return text.stripLeading().startsWith("{") ? DataFormat.JSONL : DataFormat.CSV;
  }

  private static boolean isGzip(byte[] head) {
    return head.length > 2 && (head[0] & 0xff) == 0x1f && (head[1] & 0xff) == 0x8b;
  }

  /** As much as the first bytes give; a broken file is found when it is read. */
  private static byte[] unzipped(byte[] head) {
    byte[] buffer = new byte[HEAD];
    int read = 0;
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(head))) {
      for (int n = in.read(buffer); n > 0 && read < HEAD; n = in.read(buffer, read, HEAD - read)) {
        read += n;
      }
    } catch (IOException endOfHead) {
      // The head ends in the middle of a block.
    }
    return Arrays.copyOf(buffer, read);
  }
}
