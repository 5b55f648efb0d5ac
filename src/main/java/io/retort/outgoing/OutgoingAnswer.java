package io.retort.outgoing;

import java.io.InputStream;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What a host answered.
 *
 * @param uri whence the answer comes, after redirects
 * @param retryAfter the header of this name, as it came
 * @param body to be read before the reader returns; reading it throws an {@link OutgoingException}
 *     {@code too_large} or {@code too_slow} at the request's limits
 */
public record OutgoingAnswer(URI uri, int status, @Nullable String retryAfter, InputStream body) {

  /** Makes something of an answer. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(OutgoingAnswer answer) throws java.io.IOException;
  }
}
