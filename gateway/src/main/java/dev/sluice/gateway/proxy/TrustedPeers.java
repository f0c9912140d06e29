package dev.sluice.gateway.proxy;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;

/** Address ranges whose word on where a request came from is believed. */
final class TrustedPeers {
  private final List<Range> ranges;

  /** A network and how many of its bits count. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Range(byte[] network, int bits) {
    static Range of(String cidr) {
      int slash = cidr.indexOf('/');
      String address = slash < 0 ? cidr : cidr.substring(0, slash);
      byte[] network = Objects.requireNonNull(Addresses.parse(address), cidr).getAddress();
      int bits = slash < 0 ? network.length * 8 : Integer.parseInt(cidr.substring(slash + 1));
      return new Range(network, bits);
    }

    boolean contains(byte[] address) {
      if (address.length != network.length) {
        return false;
      }
      int whole = bits / 8;
      for (int i = 0; i < whole; i++) {
        if (address[i] != network[i]) {
          return false;
        }
      }
      int mask = (0xff00 >> (bits % 8)) & 0xff;
      return mask == 0 || ((address[whole] ^ network[whole]) & mask) == 0;
    }
  }

  /**
   * @param cidrs ranges such as {@code 10.0.0.0/8}, or single addresses
   */
  TrustedPeers(List<String> cidrs) {
    ranges = cidrs.stream().map(Range::of).toList();
  }

  boolean contains(InetAddress address) {
    if (ranges.isEmpty()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    for (Range range : ranges) {
      if (range.contains(bytes)) {
        return true;
      }
    }
    return false;
  }
}
