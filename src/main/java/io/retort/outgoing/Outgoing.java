package io.retort.outgoing;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The one client for all requests that callers' URIs cause. A host's name is resolved once for each
 * connection, by {@link OutgoingGuard}, and the connection goes to the address that was checked;
 * each redirect is a request of its own.
 */
public final class Outgoing implements AutoCloseable {

  private static final Timeout CONNECT = Timeout.ofSeconds(10);
  private static final Timeout SILENCE = Timeout.ofSeconds(60);
  private static final int CONNECTIONS = 64;

  private final OutgoingGuard guard;
  private final CloseableHttpClient client;
  private final ScheduledThreadPoolExecutor watch =
      new ScheduledThreadPoolExecutor(
          1,
          work -> {
            Thread thread = new Thread(work, "outgoing-watch");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param allowedHosts private hosts that may be contacted all the same, as {@code host} or {@code
   *     host:port}
   * @param setting that says which these are
   */
  public Outgoing(List<String> allowedHosts, String setting) {
    this(new OutgoingGuard(allowedHosts, setting, InetAddress::getAllByName));
  }

  Outgoing(OutgoingGuard guard) {
    this.guard = guard;
    this.watch.setRemoveOnCancelPolicy(true);
    this.client =
        HttpClients.custom()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setDnsResolver(new GuardedNames(guard))
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(CONNECT)
                            .setSocketTimeout(SILENCE)
                            .setTimeToLive(TimeValue.ofMinutes(1))
                            .build())
                    .setMaxConnTotal(CONNECTIONS)
                    .setMaxConnPerRoute(CONNECTIONS / 4)
                    .build())
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(CONNECT)
                    .setResponseTimeout(SILENCE)
                    .build())
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableAutomaticRetries()
            .disableContentCompression()
            .setUserAgent("Retort")
            .build();
  }

  /**
   * Says without a connection whether a URI may be followed.
   *
   * @throws OutgoingException {@code forbidden_uri}, {@code forbidden_host} or {@code
   *     unreachable_host}
   */
  public void check(URI uri) {
    guard.check(uri);
  }

  /**
   * Makes a request.
   *
   * @throws OutgoingException as {@link #check}, for the URI and for each one it redirects to;
   *     {@code unreachable} where nobody answers, {@code fetch_failed} after too many redirects or
   *     one that leads nowhere
   * @throws IOException where the reader throws it
   */
  public <T> T send(OutgoingRequest request, OutgoingAnswer.Reader<T> reader) throws IOException {
    long deadline = System.nanoTime() + request.time().toNanos();
    OutgoingRequest hop = request;
    while (true) {
      guard.checkForm(hop.uri());
      Step<T> step = ask(hop, deadline, reader);
      if (step.next() == null) {
        return step.result();
      }
      if (hop.redirects() == 0) {
        throw new OutgoingException("fetch_failed", "The host redirects too often.");
      }
      hop = hop.to(step.next());
    }
  }

  /** Either a result or where to go next. */
  private record Step<T>(T result, @Nullable URI next) {}

  /** Time-outs count from one byte to the next; only hanging up holds against one that drips. */
  private <T> Step<T> ask(OutgoingRequest hop, long deadline, OutgoingAnswer.Reader<T> reader)
      throws IOException {
    HttpUriRequestBase request = request(hop);
    ScheduledFuture<?> hangUp =
        watch.schedule(request::cancel, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    try {
      return ask(hop, request, deadline, reader);
    } finally {
      hangUp.cancel(false);
    }
  }

  private <T> Step<T> ask(
      OutgoingRequest hop,
      HttpUriRequestBase request,
      long deadline,
      OutgoingAnswer.Reader<T> reader)
      throws IOException {
    ClassicHttpResponse answer = open(hop, request);
    try (answer) {
      URI next = hop.body() == null ? redirect(hop.uri(), answer) : null;
      if (next != null) {
        @SuppressWarnings("NullAway") // there is no result yet
        Step<T> step = new Step<>(null, next);
        return step;
      }
      HttpEntity entity = answer.getEntity();
      InputStream raw = entity == null ? InputStream.nullInputStream() : entity.getContent();
      InputStream body = new CappedStream(raw, hop.maxBytes(), deadline);
      Header retryAfter = answer.getFirstHeader("Retry-After");
      String wait = retryAfter == null ? null : retryAfter.getValue();
      return new Step<>(
          reader.read(new OutgoingAnswer(hop.uri(), answer.getCode(), wait, body)), null);
    }
  }

  private static HttpUriRequestBase request(OutgoingRequest hop) {
    HttpUriRequestBase request =
        hop.body() == null ? new HttpGet(hop.uri()) : new HttpPost(hop.uri());
    hop.headers().forEach(request::addHeader);
    if (hop.body() != null) {
      request.setEntity(new ByteArrayEntity(hop.body(), ContentType.APPLICATION_JSON));
    }
    return request;
  }

  private ClassicHttpResponse open(OutgoingRequest hop, HttpUriRequestBase request) {
    String host = hop.uri().getHost();
    try {
      return client.executeOpen(null, request, context(hop));
    } catch (ConnectException e) {
      throw unreachable(host, "could not be reached");
    } catch (InterruptedIOException e) {
      throw unreachable(host, "did not answer in time");
    } catch (IOException e) {
      throw unreachable(
          host, request.isCancelled() ? "did not answer in time" : "could not be asked");
    }
  }

  /** Who posts waits for an answer that is computed, and says how long. */
  private static @Nullable HttpContext context(OutgoingRequest hop) {
    if (hop.body() == null) {
      return null;
    }
    HttpClientContext context = HttpClientContext.create();
    context.setRequestConfig(
        RequestConfig.custom()
            .setConnectionRequestTimeout(CONNECT)
            .setResponseTimeout(Timeout.of(hop.time()))
            .setRedirectsEnabled(false)
            .build());
    return context;
  }

  private static OutgoingException unreachable(String host, String what) {
    return new OutgoingException("unreachable", "The host `" + host + "` " + what + ".");
  }

  private static @Nullable URI redirect(URI from, ClassicHttpResponse answer) {
    Header location = answer.getFirstHeader("Location");
    if (answer.getCode() < 300 || answer.getCode() >= 400 || location == null) {
      return null;
    }
    try {
      return from.resolve(location.getValue());
    } catch (IllegalArgumentException e) {
      throw new OutgoingException(
          "fetch_failed", "The host redirects to something that is no URI.");
    }
  }

  @Override
  public void close() throws IOException {
    watch.shutdownNow();
    client.close();
  }

  /** The only names that the client ever resolves. */
  private record GuardedNames(OutgoingGuard guard) implements DnsResolver {

    @Override
    public List<InetSocketAddress> resolve(String host, int port) {
      return guard.addresses(host, port);
    }

    @Override
    public InetAddress[] resolve(String host) {
      throw new UnsupportedOperationException(
          "whether a host may be contacted depends on the port");
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }
}
