package io.retort.access;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;

/**
 * Decides which hosts the service may contact because a caller's URI says so. Without it, anyone
 * who may post a job could read the network that the service stands in.
 */
@Component
public class OutgoingGuard {

  private final List<String> allowedHosts;

  OutgoingGuard(DatasetAccess settings) {
    this.allowedHosts =
        settings.allowedHosts().stream().map(h -> h.strip().toLowerCase(Locale.ROOT)).toList();
  }

  /**
   * Checks a URI, and each one that it redirects to.
   *
   * @throws AccessException {@code forbidden_host} for private, loopback, link-local, multicast and
   *     reserved addresses that are not in {@code retort.dataset.allowed-hosts}, {@code
   *     unreachable_host} where the name does not resolve, {@code forbidden_uri} where the URI has
   *     no host or carries a password
   */
  public void check(URI uri) {
    if (uri.getRawUserInfo() != null) {
      throw new AccessException(
          "forbidden_uri",
          "A URI must not carry a user name or password, as the job's spec is kept and shown.");
    }
    String host = uri.getHost();
    if (host == null || host.isEmpty()) {
      throw new AccessException("forbidden_uri", "The URI `" + uri + "` names no host.");
    }
    String name = host.toLowerCase(Locale.ROOT);
    if (allowedHosts.contains(name) || allowedHosts.contains(name + ":" + port(uri))) {
      return;
    }
    for (InetAddress address : resolve(name)) {
      if (PrivateNetworks.contain(address)) {
        throw new AccessException(
            "forbidden_host",
            "The host `%s` is in a private network. If that is meant, the operator can list it in retort.dataset.allowed-hosts."
                .formatted(host));
      }
    }
  }

  private static InetAddress[] resolve(String host) {
    try {
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw new AccessException(
          "unreachable_host", "The host `" + host + "` has no address; check its spelling.");
    }
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "http".equalsIgnoreCase(uri.getScheme()) ? 80 : 443;
  }
}
