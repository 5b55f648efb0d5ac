package io.retort.job.web;

import io.retort.web.TooLargeException;
import java.io.IOException;
import java.io.InputStream;

/** Reads the body of a submission, and no more than a spec can reasonably have. */
final class JobBody {

  private static final int MAX_BYTES = 1 << 20;

  private JobBody() {}

  static byte[] read(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new TooLargeException("A job's spec may have 1 MiB at most.");
    }
    return bytes;
  }
}
