package dev.sluice.gateway.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who a connection is from: its other end, or whom a PROXY header names in its place.
 *
 * @param text the address as RFC 5952 writes it
 * @param trusted its forwarding headers are believed
 * @param secure it is spoken to over TLS
 * @param http2 it speaks HTTP/2
 * @param direct where its requests come from as far as the connection shows; one for all of them
 */
record Peer(
    InetAddress address,
    String text,
    boolean trusted,
    boolean secure,
    boolean http2,
    Provenance direct) {
  private static final InetAddress UNKNOWN = Addresses.of(new byte[4]);

  static Peer of(InetAddress address, boolean trusted, boolean secure) {
    String text = Addresses.text(address);
    return new Peer(
        address, text, trusted, secure, false, Provenance.direct(address, text, secure));
  }

  /** The other end of a connection; one that has gone already is 0.0.0.0, whom nobody trusts. */
  static Peer of(@Nullable InetSocketAddress end, TrustedPeers trusted, boolean secure) {
    return end == null || end.getAddress() == null
        ? of(UNKNOWN, false, secure)
        : of(end.getAddress(), trusted.contains(end.getAddress()), secure);
  }

  /** The same, which has turned out to speak HTTP/2. */
  Peer overHttp2() {
    return new Peer(address, text, trusted, secure, true, direct);
  }

  /**
   * Whom this peer's PROXY header names. Where it leaves that open the connection is the peer's
   * own, but nobody vouches for what its requests say of themselves.
   */
  Peer named(ProxyHeader header, TrustedPeers believed) {
    InetAddress source = header.source();
    return source == null
        ? of(address, false, secure)
        : of(source, believed.contains(source), secure);
  }
}
