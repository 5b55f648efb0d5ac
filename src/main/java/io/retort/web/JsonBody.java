package io.retort.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads a JSON body, and no more of it than one can reasonably have. */
public final class JsonBody {

  private static final int MAX_BYTES = 1 << 20;
  private static final int CHUNK = 1 << 13;

  private JsonBody() {}

  public static byte[] read(InputStream body) throws IOException {
    return read(body, MAX_BYTES);
  }

  /**
   * @param maxBytes that it may have
   */
  public static byte[] read(InputStream body, int maxBytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK];
    for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
      bytes.write(chunk, 0, n);
      if (bytes.size() > maxBytes) {
        throw new TooLargeException("The body may have %d MiB at most.".formatted(maxBytes >> 20));
      }
    }
    return bytes.toByteArray();
  }
}
