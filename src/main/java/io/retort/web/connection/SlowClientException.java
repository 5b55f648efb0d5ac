package io.retort.web.connection;

import java.io.IOException;

/** A client was waited for as long as it may be; its connection ends with this request. */
public final class SlowClientException extends IOException {

  private static final long serialVersionUID = 1;
  private final boolean full;

  private SlowClientException(String message, boolean full) {
    super(message);
    this.full = full;
  }

  static SlowClientException tooSlow(long bytesPerSecond) {
    return new SlowClientException(
        "The body came too slowly; at least %,d bytes a second are expected."
            .formatted(bytesPerSecond),
        false);
  }

  static SlowClientException notDrained() {
    return new SlowClientException("A body that nobody wants takes too long to arrive.", false);
  }

  static SlowClientException tooMany() {
    return new SlowClientException(
        "Too many slow clients are being waited for at the moment; try again later.", true);
  }

  /** Whether it might have been waited for at another time. */
  public boolean full() {
    return full;
  }

  public String code() {
    return full ? "too_many_slow_clients" : "too_slow";
  }
}
