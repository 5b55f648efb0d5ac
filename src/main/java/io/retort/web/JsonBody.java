package io.retort.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Reads a JSON body, and no more of it than one can reasonably have. */
public final class JsonBody {

  private static final int MAX_BYTES = 1 << 20;
  private static final int CHUNK = 1 << 13;

  /** Whoever sends a byte now and then would hold a thread for ever. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private JsonBody() {}

  public static byte[] read(InputStream body) throws IOException {
    return read(body, MAX_BYTES);
  }

  /**
   * @param maxBytes that it may have
   */
  public static byte[] read(InputStream body, int maxBytes) throws IOException {
    return read(body, maxBytes, LONGEST);
  }

  /**
   * @param longest time until its last byte
   */
  static byte[] read(InputStream body, int maxBytes, Duration longest) throws IOException {
    long deadline = System.nanoTime() + longest.toNanos();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK];
    for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
      bytes.write(chunk, 0, n);
      if (bytes.size() > maxBytes) {
        throw new TooLargeException("The body may have %d MiB at most.".formatted(maxBytes >> 20));
      }
      if (System.nanoTime() - deadline > 0) {
        throw RequestException.tooSlow(longest);
      }
    }
    return bytes.toByteArray();
  }
}
