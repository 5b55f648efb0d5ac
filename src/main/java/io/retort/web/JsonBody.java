package io.retort.web;

import java.io.IOException;
import java.io.InputStream;

/** Reads a JSON body, and no more of it than one can reasonably have. */
public final class JsonBody {

  private static final int MAX_BYTES = 1 << 20;

  private JsonBody() {}

  public static byte[] read(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new TooLargeException("The body may have 1 MiB at most.");
    }
    return bytes;
  }
}
