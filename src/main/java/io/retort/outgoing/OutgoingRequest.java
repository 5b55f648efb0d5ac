package io.retort.outgoing;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that is to be made.
 *
 * @param body null for a GET; anything else is posted
 * @param redirects that are followed at most; a POST follows none
 * @param maxBytes of the answer's body
 * @param time from the first connection to the end of the body
 */
public record OutgoingRequest(
    URI uri,
    Map<String, String> headers,
    byte @Nullable [] body,
    int redirects,
    long maxBytes,
    Duration time) {

  public OutgoingRequest {
    headers = Map.copyOf(headers);
    if (body != null && redirects > 0) {
      throw new IllegalArgumentException("a POST follows no redirects");
    }
  }

  /** A GET that follows a few redirects. */
  public static OutgoingRequest get(URI uri, long maxBytes, Duration time) {
    return new OutgoingRequest(uri, Map.of(), null, 5, maxBytes, time);
  }

  /** A POST of JSON. */
  public static OutgoingRequest post(
      URI uri, Map<String, String> headers, byte[] json, long maxBytes, Duration time) {
    return new OutgoingRequest(uri, headers, json, 0, maxBytes, time);
  }

  OutgoingRequest to(URI next) {
    return new OutgoingRequest(next, headers, body, redirects - 1, maxBytes, time);
  }
}
