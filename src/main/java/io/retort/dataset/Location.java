package io.retort.dataset;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/**
 * A URI of a spec, taken apart.
 *
 * @param text as it was written
 * @param scheme in lower case
 * @param rest what follows the scheme's colon
 * @param pointer the field it stands in
 */
record Location(String text, String scheme, String rest, String pointer) {

  private static final List<String> SCHEMES = List.of("sample", "dataset", "file", "http", "https");

  /**
   * @throws DatasetException for an unknown scheme
   */
  static Location of(String uri, String pointer) {
    int colon = uri.indexOf(':');
    String scheme = colon < 0 ? "" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
    if (!SCHEMES.contains(scheme)) {
      throw DatasetException.of(
          "unknown_scheme",
          pointer,
          (colon < 0
                  ? "The URI has no scheme"
                  : "The scheme " + Shorten.text(scheme) + " is unknown")
              + "; use one of sample:, dataset:, file:, http:, https:.");
    }
    return new Location(uri, scheme, uri.substring(colon + 1), pointer);
  }

  /**
   * A file, which a sample is not.
   *
   * @throws DatasetException for an unknown scheme
   */
  static Location ofFile(String uri, String pointer) {
    Location location = of(uri, pointer);
    if (location.scheme().equals("sample")) {
      throw location.problem("unknown_scheme", "A sample is no file of numbers.");
    }
    return location;
  }

  URI uri() {
    try {
      URI uri = new URI(text);
      if (uri.getHost() == null) {
        throw problem("invalid_uri", "The URI names no host.");
      }
      return uri;
    } catch (URISyntaxException e) {
      throw problem("invalid_uri", "The URI cannot be read: " + e.getReason() + ".");
    }
  }

  DatasetException problem(String code, String message) {
    return DatasetException.of(code, pointer, message);
  }
}
