package io.retort.dataset;

import io.retort.spec.Cancellation;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Unpacks gzip into a temporary file, up to the size limit. */
final class Gunzip {

  private static final int CHUNK = 1 << 17;

  private Gunzip() {}

  static boolean applies(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.read() == 0x1f && in.read() == 0x8b;
    }
  }

  /** Returns the source itself where it is not packed. */
  static SourceFile unpacked(
      SourceFile source, Path temporary, long maxBytes, Cancellation cancellation)
      throws IOException {
    if (!applies(source.path())) {
      return source;
    }
    Path file = Files.createTempFile(temporary, "unpacked", ".tmp");
    copy(source, file, maxBytes, cancellation);
    String name = source.name().replaceFirst("(?i)\\.gz(ip)?$", "");
    return new SourceFile(file, name, source.location());
  }

  private static void copy(SourceFile source, Path file, long maxBytes, Cancellation cancellation)
      throws IOException {
    byte[] chunk = new byte[CHUNK];
    long total = 0;
    try (InputStream raw = Files.newInputStream(source.path());
        OutputStream out = Files.newOutputStream(file)) {
      InputStream in = opened(raw, source);
      for (int n = read(in, chunk, source); n >= 0; n = read(in, chunk, source)) {
        cancellation.check();
        total += n;
        if (total > maxBytes) {
          throw source
              .location()
              .problem("too_large", "The file unpacks to more than %,d bytes.".formatted(maxBytes));
        }
        out.write(chunk, 0, n);
      }
    }
    if (total == 0) {
      throw source.location().problem("empty_file", "The file unpacks to nothing.");
    }
  }

  private static InputStream opened(InputStream raw, SourceFile source) throws IOException {
    try {
      return new GZIPInputStream(raw, CHUNK);
    } catch (EOFException | ZipException e) {
      throw broken(source);
    }
  }

  private static int read(InputStream in, byte[] chunk, SourceFile source) throws IOException {
    try {
      return in.read(chunk);
    } catch (EOFException | ZipException e) {
      throw broken(source);
    }
  }

  private static DatasetException broken(SourceFile source) {
    return source
        .location()
        .problem("truncated_gzip", "The gzip file is damaged or ends too early; upload it again.");
  }
}
