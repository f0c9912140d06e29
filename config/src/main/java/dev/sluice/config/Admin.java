package dev.sluice.config;

import org.jspecify.annotations.Nullable;

/**
 * Where operators look: on a port of their own GET is open, on the port for requests everything
 * needs the token; every POST and DELETE needs it in any case.
 *
 * @param host 127.0.0.1 unless the file opens it
 * @param port 0 lets the system choose
 * @param token null closes every POST and DELETE
 * @param publicPage whether users may see, on the port for requests, how the service is
 * @param agentToken lets agents push what they see, and nothing else; null leaves that to the token
 * @param onMain it is served below {@link #PREFIX} of the port for requests, and has no other port
 */
public record Admin(
    String host,
    int port,
    @Nullable Secret token,
    @Nullable Secret agentToken,
    boolean publicPage,
    boolean onMain) {
  /** Before the paths of what is served on the port for requests. */
  public static final String PREFIX = "/.sluice";

  /** On a port of its own. */
  public Admin(
      String host,
      int port,
      @Nullable Secret token,
      @Nullable Secret agentToken,
      boolean publicPage) {
    this(host, port, token, agentToken, publicPage, false);
  }

  /** Where it listens: on this host alone, on any port, where it is served on another. */
  public Admin listening() {
    return onMain ? new Admin("127.0.0.1", 0, token, agentToken, publicPage, true) : this;
  }
}
