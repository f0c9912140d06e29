package dev.sluice.config;

import java.time.Duration;
import java.util.List;

/**
 * The public port and its limits.
 *
 * @param port 0 lets the system choose
 * @param transport which Netty transport; AUTO is epoll where it is available
 * @param threads event loops; 0 means one a processor
 * @param idle how long a kept-alive connection may be silent between requests
 * @param headerDeadline from the first byte of a request head to its end
 * @param bodyIdle how long a request body may make no progress
 * @param minBodyRate bytes a second that a request body must make over {@code bodyIdle}
 * @param writeDeadline how long a client may take nothing of an answer
 * @param drain how long a graceful stop waits for exchanges in flight
 * @param drainNotice how long a graceful stop goes on to accept, so that load balancers see it
 * @param maxRequestLine bytes
 * @param maxHeaders bytes, all header lines together
 * @param maxBody bytes of a request body
 * @param maxConnections accepted at once, over all event loops
 * @param maxBuffered bytes that bodies and copies may take while they are gathered
 * @param trustedProxies CIDRs whose forwarding headers are extended instead of stripped
 * @param proxyProtocol every connection begins with a PROXY header of a trusted proxy
 */
public record Listen(
    String host,
    int port,
    Transport transport,
    int threads,
    Duration idle,
    Duration headerDeadline,
    Duration bodyIdle,
    long minBodyRate,
    Duration writeDeadline,
    Duration drain,
    Duration drainNotice,
    int maxRequestLine,
    int maxHeaders,
    long maxBody,
    int maxConnections,
    long maxBuffered,
    List<String> trustedProxies,
    boolean proxyProtocol) {
  /** A Netty transport. */
  public enum Transport {
    AUTO,
    EPOLL,
    /** Fewer system calls where load is high; forbidden in many container sandboxes. */
    IO_URING,
    NIO
  }

  public Listen {
    trustedProxies = List.copyOf(trustedProxies);
  }

  /** The bytes of a request body that must come within this time. */
  public long leastBody(Duration within) {
    return Math.max(1, minBodyRate * within.toMillis() / 1000);
  }
}
