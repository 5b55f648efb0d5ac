package io.retort.outgoing;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that ends in a failure where it grows too large or takes too long. */
final class CappedStream extends FilterInputStream {

  private final long maxBytes;
  private final long deadline;
  private long bytes;

  /**
   * @param deadline in terms of {@link System#nanoTime}
   */
  CappedStream(InputStream in, long maxBytes, long deadline) {
    super(in);
    this.maxBytes = maxBytes;
    this.deadline = deadline;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read;
    try {
      read = super.read(buffer, offset, length);
    } catch (IOException e) {
      checkTime(); // hung up on, most likely
      throw e;
    }
    count(Math.max(0, read));
    return read;
  }

  @Override
  public long skip(long n) {
    throw new UnsupportedOperationException("bytes that are skipped would not be counted");
  }

  private void count(int more) {
    bytes += more;
    if (bytes > maxBytes) {
      throw new OutgoingException(
          "too_large", "The answer is larger than %,d bytes.".formatted(maxBytes));
    }
    checkTime();
  }

  private void checkTime() {
    if (System.nanoTime() - deadline > 0) {
      throw new OutgoingException("too_slow", "The host did not finish its answer in time.");
    }
  }
}
