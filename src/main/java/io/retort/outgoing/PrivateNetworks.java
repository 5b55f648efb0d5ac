package io.retort.outgoing;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** Addresses that are not on the public internet (IANA's special-purpose registries). */
final class PrivateNetworks {

  private static final List<Network> IPV4 =
      List.of(
          Network.of("0.0.0.0", 8),
          Network.of("10.0.0.0", 8),
          Network.of("100.64.0.0", 10), // carrier-grade NAT; some clouds' metadata too
          Network.of("127.0.0.0", 8),
          Network.of("169.254.0.0", 16), // link-local; most clouds' metadata
          Network.of("172.16.0.0", 12),
          Network.of("192.0.0.0", 24),
          Network.of("192.0.2.0", 24),
          Network.of("192.88.99.0", 24),
          Network.of("192.168.0.0", 16),
          Network.of("198.18.0.0", 15),
          Network.of("198.51.100.0", 24),
          Network.of("203.0.113.0", 24),
          Network.of("224.0.0.0", 4),
          Network.of("240.0.0.0", 4));

  private static final Network IPV6_PUBLIC = Network.of("2000::", 3);

  private static final List<Network> IPV6_RESERVED =
      List.of(
          Network.of("2001::", 23), // protocol assignments, Teredo among them
          Network.of("2001:db8::", 32),
          Network.of("3fff::", 20));

  private static final Network SIX_TO_FOUR = Network.of("2002::", 16);
  private static final Network NAT64 = Network.of("64:ff9b::", 96);

  private PrivateNetworks() {}

  static boolean contain(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return IPV4.stream().anyMatch(n -> n.contains(bytes));
    }
    // Addresses that carry an IPv4 address inside go where that one goes.
    if (SIX_TO_FOUR.contains(bytes)) {
      return contain(ipv4(Arrays.copyOfRange(bytes, 2, 6)));
    }
    if (NAT64.contains(bytes)) {
      return contain(ipv4(Arrays.copyOfRange(bytes, 12, 16)));
    }
    return !(address instanceof Inet6Address)
        || !IPV6_PUBLIC.contains(bytes)
        || IPV6_RESERVED.stream().anyMatch(n -> n.contains(bytes));
  }

  private static InetAddress ipv4(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are an address", e);
    }
  }

  /** An address block in CIDR notation. */
  private static final class Network {
    private final byte[] prefix;
    private final int bits;

    private Network(byte[] prefix, int bits) {
      this.prefix = prefix;
      this.bits = bits;
    }

    static Network of(String literal, int bits) {
      try {
        return new Network(InetAddress.getByName(literal).getAddress(), bits);
      } catch (UnknownHostException e) {
        throw new AssertionError(literal + " is a literal", e);
      }
    }

    boolean contains(byte[] address) {
      if (address.length != prefix.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
