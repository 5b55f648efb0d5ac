package io.retort.web.connection;

import java.util.concurrent.TimeUnit;

/**
 * How far a client is behind a rate: the time that it was waited for, less the time that what it
 * moved may take. Bytes moved in advance buy no time.
 */
final class Arrears {

  private final long most;
  private final double nanosPerByte;
  private double nanos;

  /**
   * @param most nanoseconds that it may be behind
   * @param bytesPerSecond the rate
   */
  Arrears(long most, long bytesPerSecond) {
    this.most = most;
    this.nanosPerByte = (double) TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
  }

  /**
   * @param waited nanoseconds
   * @param bytes that came of it
   */
  void add(long waited, long bytes) {
    nanos = Math.max(0, nanos + waited - bytes * nanosPerByte);
  }

  boolean tooMuch() {
    return nanos > most;
  }
}
