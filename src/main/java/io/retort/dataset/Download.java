package io.retort.dataset;

import io.retort.outgoing.Outgoing;
import io.retort.outgoing.OutgoingAnswer;
import io.retort.outgoing.OutgoingException;
import io.retort.outgoing.OutgoingRequest;
import io.retort.spec.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Fetches {@code http:} and {@code https:} URIs. */
final class Download {

  private static final Duration LONGEST = Duration.ofHours(6);
  private static final int CHUNK = 1 << 17;

  private final Outgoing outgoing;

  Download(Outgoing outgoing) {
    this.outgoing = outgoing;
  }

  /** Says without a connection whether the host may be asked. */
  void check(Location location) {
    try {
      outgoing.check(location.uri());
    } catch (OutgoingException e) {
      throw location.problem(e.code(), e.getMessage());
    }
  }

  void to(Path file, Location location, long maxBytes, Cancellation cancellation)
      throws IOException {
    OutgoingRequest request = OutgoingRequest.get(location.uri(), maxBytes, LONGEST);
    try {
      outgoing.send(
          request,
          answer -> {
            checkStatus(answer, location);
            save(answer.body(), file, location, cancellation);
            return file;
          });
    } catch (OutgoingException e) {
      throw location.problem(e.code(), e.getMessage());
    }
  }

  private static void checkStatus(OutgoingAnswer answer, Location location) {
    if (answer.status() != 200) {
      throw location.problem(
          answer.status() == 404 ? "not_found" : "fetch_failed",
          Shorten.text(answer.uri().getHost()) + " answered with status " + answer.status() + ".");
    }
  }

  private static void save(
      InputStream body, Path file, Location location, Cancellation cancellation)
      throws IOException {
    byte[] chunk = new byte[CHUNK];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int n = read(body, chunk, location); n >= 0; n = read(body, chunk, location)) {
        cancellation.check();
        out.write(chunk, 0, n);
      }
    }
  }

  private static int read(InputStream body, byte[] chunk, Location location) {
    try {
      return body.read(chunk);
    } catch (IOException e) {
      throw location.problem("fetch_failed", "The connection broke before the file's end.");
    }
  }

  static DatasetException tooLarge(Location location, long maxBytes) {
    return location.problem("too_large", "The file is larger than %,d bytes.".formatted(maxBytes));
  }
}
