package io.retort.dataset;

import io.retort.spec.Cancellation;
import io.retort.spec.RetortException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Fetches {@code http:} and {@code https:} URIs; every hop is put to the host policy first. */
final class Download {

  private static final int MAX_REDIRECTS = 5;
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final int CHUNK = 1 << 17;

  private final HostPolicy policy;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  Download(HostPolicy policy) {
    this.policy = policy;
  }

  /** Asks the policy alone, without a connection. */
  void check(Location location) {
    check(location.uri(), location);
  }

  /** The policy knows the host; the field that named it is known here. */
  private void check(URI uri, Location location) {
    try {
      policy.check(uri);
    } catch (RetortException e) {
      throw location.problem(e.code(), e.getMessage());
    }
  }

  void to(Path file, Location location, long maxBytes, Cancellation cancellation)
      throws IOException {
    URI uri = location.uri();
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      check(uri, location);
      HttpResponse<InputStream> answer = ask(uri, location);
      try (InputStream body = answer.body()) {
        int status = answer.statusCode();
        if (status >= 300 && status < 400 && answer.headers().firstValue("location").isPresent()) {
          uri = redirected(uri, answer, location);
          continue;
        }
        if (status != 200) {
          throw location.problem(
              status == 404 ? "not_found" : "fetch_failed",
              Shorten.text(uri.getHost()) + " answered with status " + status + ".");
        }
        save(body, file, location, maxBytes, cancellation);
        return;
      }
    }
    throw location.problem("fetch_failed", "More than " + MAX_REDIRECTS + " redirects.");
  }

  private HttpResponse<InputStream> ask(URI uri, Location location) {
    try {
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(ANSWER).GET().build();
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (HttpTimeoutException e) {
      throw unreachable(uri, location, "did not answer in time");
    } catch (ConnectException e) {
      throw unreachable(uri, location, "could not be reached");
    } catch (IOException e) {
      throw unreachable(uri, location, "could not be asked");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancellation.CancelledException();
    }
  }

  private static DatasetException unreachable(URI uri, Location location, String what) {
    return location.problem(
        "unreachable", "The host " + Shorten.text(uri.getHost()) + " " + what + ".");
  }

  private static URI redirected(URI from, HttpResponse<InputStream> answer, Location location) {
    String target = answer.headers().firstValue("location").orElse("");
    try {
      URI uri = from.resolve(target);
      if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // answered below
    }
    throw location.problem("fetch_failed", "The host redirects to something that is no web page.");
  }

  private static void save(
      InputStream body, Path file, Location location, long maxBytes, Cancellation cancellation)
      throws IOException {
    byte[] chunk = new byte[CHUNK];
    long total = 0;
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int n = read(body, chunk, location); n >= 0; n = read(body, chunk, location)) {
        cancellation.check();
        total += n;
        if (total > maxBytes) {
          throw tooLarge(location, maxBytes);
        }
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
