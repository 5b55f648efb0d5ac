package io.retort.outgoing;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Decides which hosts the service may contact because a caller's URI says so. Without it, anyone
 * who may post a job could read the network that the service stands in.
 */
final class OutgoingGuard {

  /** Asks a name server, as {@link InetAddress#getAllByName} does. */
  interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  private static final List<String> SCHEMES = List.of("http", "https");

  /** A host that ends like this is an address to some readers, in octal, hex or one number. */
  private static final Pattern ENDS_IN_A_NUMBER = Pattern.compile("(.*\\.)?(\\d+|0x[0-9a-f]*)\\.?");

  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");

  private final List<String> allowedHosts;
  private final String setting;
  private final Resolver resolver;

  /**
   * @param allowedHosts private hosts that may be contacted, as {@code host} or {@code host:port}
   * @param setting that says which these are
   */
  OutgoingGuard(List<String> allowedHosts, String setting, Resolver resolver) {
    this.setting = setting;
    this.allowedHosts = allowedHosts.stream().map(h -> h.strip().toLowerCase(Locale.ROOT)).toList();
    this.resolver = resolver;
  }

  /**
   * Checks how a URI is written, and where its host is at the moment.
   *
   * @throws OutgoingException {@code forbidden_host} for private, loopback, link-local, multicast
   *     and reserved addresses that are not in the allowed hosts, {@code unreachable_host} where
   *     the name does not resolve, {@code forbidden_uri} for another scheme, no host, a password,
   *     or an address that is not written in the usual way
   */
  void check(URI uri) {
    checkForm(uri);
    var unused = addresses(uri.getHost(), port(uri));
  }

  /** What {@link #check} says without asking a name server. */
  void checkForm(URI uri) {
    if (!SCHEMES.contains(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT))) {
      throw forbidden("The scheme of a URI must be http or https.");
    }
    if (uri.getRawUserInfo() != null) {
      throw forbidden(
          "A URI must not carry a user name or password, as the job's spec is kept and shown.");
    }
    String host = uri.getHost();
    if (host == null || host.isEmpty()) {
      throw forbidden("The URI `" + uri + "` names no host.");
    }
    String name = host.toLowerCase(Locale.ROOT);
    if (ENDS_IN_A_NUMBER.matcher(name).matches() && !IPV4.matcher(name).matches()) {
      throw forbidden("The host `" + host + "` must be a name, or an address such as 192.0.2.1.");
    }
  }

  /**
   * Where a host is, for one connection: what is returned here is what is connected to, so that a
   * name server cannot answer differently in between.
   *
   * @throws OutgoingException as {@link #check}
   */
  List<InetSocketAddress> addresses(String host, int port) {
    String name = host.toLowerCase(Locale.ROOT);
    InetAddress[] found = resolve(host, name);
    if (!allowedHosts.contains(name) && !allowedHosts.contains(name + ":" + port)) {
      for (InetAddress address : found) {
        if (PrivateNetworks.contain(address)) {
          throw new OutgoingException(
              "forbidden_host",
              "The host `%s` is in a private network. If that is meant, the operator can list it in %s."
                  .formatted(host, setting));
        }
      }
    }
    return Stream.of(found).map(address -> new InetSocketAddress(address, port)).toList();
  }

  private InetAddress[] resolve(String shown, String host) {
    try {
      return resolver.resolve(host);
    } catch (UnknownHostException e) {
      throw new OutgoingException(
          "unreachable_host", "The host `" + shown + "` has no address; check its spelling.");
    }
  }

  private static OutgoingException forbidden(String message) {
    return new OutgoingException("forbidden_uri", message);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "http".equalsIgnoreCase(uri.getScheme()) ? 80 : 443;
  }
}
