package dev.sluice.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
 * @param maxMemory bytes of direct memory that the buffers of all connections may take before new
 *     requests are refused; null: three quarters of what the JVM may take
 * @param trustedProxies CIDRs whose forwarding headers are extended instead of stripped
 * @param proxyProtocol every connection begins with a PROXY header of a trusted proxy
 * @param http2 clients may speak HTTP/2: over TLS by ALPN, else by prior knowledge (RFC 9113)
 * @param tls null: clients speak without TLS
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
    @Nullable Long maxMemory,
    List<String> trustedProxies,
    boolean proxyProtocol,
    boolean http2,
    @Nullable Tls tls) {
  /** The same limits at another address, without TLS. */
  public Listen at(String otherHost, int otherPort) {
    return at(otherHost, otherPort, maxConnections);
  }

  /** On this host alone, and every connection is closed at once. */
  public Listen shut() {
    return at("127.0.0.1", 0, 0);
  }

  private Listen at(String otherHost, int otherPort, int connections) {
    return new Listen(
        otherHost,
        otherPort,
        transport,
        threads,
        idle,
        headerDeadline,
        bodyIdle,
        minBodyRate,
        writeDeadline,
        drain,
        drainNotice,
        maxRequestLine,
        maxHeaders,
        maxBody,
        connections,
        maxBuffered,
        maxMemory,
        trustedProxies,
        false,
        http2,
        null);
  }

  /**
   * TLS with clients.
   *
   * @param certificates the first is shown to whoever asks for no name, or for one that none has
   * @param clientCa a PEM file of the authorities that sign clients' certificates; null: clients
   *     are asked for none
   * @param clientCertificates whether one has to be shown
   */
  public record Tls(
      List<Certificate> certificates,
      @Nullable String clientCa,
      ClientCertificates clientCertificates) {
    public Tls {
      certificates = List.copyOf(certificates);
    }
  }

  /**
   * A server's certificate, in PEM files from the working directory on.
   *
   * @param chain the server's own first, then those that sign it
   * @param key unencrypted, in PKCS #8
   */
  public record Certificate(String chain, String key) {}

  /** Whether clients must show a certificate where one is asked for. */
  public enum ClientCertificates {
    REQUIRED,
    OPTIONAL
  }

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

  /**
   * The same limits on a server that runs: its address, transport, threads and memory stay, since
   * they cannot change without a restart.
   */
  public Listen on(Listen running) {
    return new Listen(
        running.host,
        running.port,
        running.transport,
        running.threads,
        idle,
        headerDeadline,
        bodyIdle,
        minBodyRate,
        writeDeadline,
        drain,
        drainNotice,
        maxRequestLine,
        maxHeaders,
        maxBody,
        maxConnections,
        running.maxBuffered,
        running.maxMemory,
        trustedProxies,
        proxyProtocol,
        http2,
        tls == null || running.tls == null ? running.tls : tls);
  }

  /** The bytes of a request body that must come within this time. */
  public long leastBody(Duration within) {
    return Math.max(1, minBodyRate * within.toMillis() / 1000);
  }
}
