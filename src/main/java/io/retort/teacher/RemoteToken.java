package io.retort.teacher;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A bearer token, bound to the one origin it may be sent to: jobs name both token and address, and
 * whoever may post one must not have it sent to a server of theirs.
 */
public final class RemoteToken {

  private final String origin;
  private final String value;

  private RemoteToken(String origin, String value) {
    this.origin = origin;
    this.value = value;
  }

  /**
   * @throws IllegalArgumentException where a part is missing; the message is for the operator
   */
  public static RemoteToken of(String name, @Nullable String origin, @Nullable String value) {
    String setting = "retort.teachers.tokens." + name;
    if (value == null || !value.matches("[\\x21-\\x7e]+")) {
      throw new IllegalArgumentException(setting + ".token must be printable, without spaces");
    }
    if (origin == null || !origin.matches("https?://[^/?#@\\s]+/?")) {
      throw new IllegalArgumentException(setting + ".origin must be as https://host:port");
    }
    return new RemoteToken(origin(URI.create(origin)), value);
  }

  boolean goesTo(URI uri) {
    return origin.equals(origin(uri));
  }

  String origin() {
    return origin;
  }

  String value() {
    return value;
  }

  private static String origin(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    return scheme + "://" + String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
  }

  @Override
  public String toString() {
    return "a token for " + origin;
  }
}
