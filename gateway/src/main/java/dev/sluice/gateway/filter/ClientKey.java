package dev.sluice.gateway.filter;

import java.net.InetAddress;
import java.security.SecureRandom;

/**
 * A client as 64 bits, so that a bucket keeps neither addresses nor the values of headers. The key
 * is drawn anew with every start: nobody outside can know which clients share a part of the table,
 * or choose values that do.
 */
public final class ClientKey {
  private static final int NETWORK_BYTES = 8;
  private final long seed;
  private final long factor;

  /** With a key that nobody knows. */
  public static ClientKey secret() {
    SecureRandom random = new SecureRandom();
    return new ClientKey(random.nextLong(), random.nextLong());
  }

  ClientKey(long seed, long factor) {
    this.seed = seed;
    this.factor = factor | 1;
  }

  /**
   * The client at this address, on this route. Of an IPv6 address the first 64 bits count: one
   * network, whose owner has all the rest to choose from (RFC 4291, section 2.5.4).
   */
  public long of(String routeId, InetAddress address) {
    byte[] bytes = address.getAddress();
    long hash = start(routeId, bytes.length);
    for (int i = 0; i < Math.min(bytes.length, NETWORK_BYTES); i++) {
      hash = mixed(hash, bytes[i]);
    }
    return finished(hash);
  }

  /** The client that names itself so, on this route. */
  public long of(String routeId, String name) {
    long hash = start(routeId, -1);
    for (int i = 0; i < name.length(); i++) {
      hash = mixed(hash, name.charAt(i));
    }
    return finished(hash);
  }

  private long start(String routeId, int kind) {
    return mixed(mixed(seed, routeId.hashCode()), kind);
  }

  private long mixed(long hash, long part) {
    long next = (hash ^ part) * factor;
    return next ^ (next >>> 29);
  }

  /** Zero stands for an empty place in the table. */
  private static long finished(long hash) {
    long spread = (hash ^ (hash >>> 32)) * 0x9E3779B97F4A7C15L;
    long done = spread ^ (spread >>> 32);
    return done == 0 ? 1 : done;
  }
}
