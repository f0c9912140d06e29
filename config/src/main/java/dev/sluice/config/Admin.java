package dev.sluice.config;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where operators look: on a port of their own GET is open, on the port for requests everything
 * needs the token, or an operator whom Google names; every POST and DELETE needs it in any case.
 *
 * @param host 127.0.0.1 unless the file opens it
 * @param port 0 lets the system choose
 * @param token null closes every POST and DELETE where there are no operators either
 * @param publicPage whether users may see, on the port for requests, how the service is
 * @param agentToken lets agents push what they see, and nothing else; null leaves that to the token
 * @param onMain it is served below {@link #PREFIX} of the port for requests, and has no other port
 * @param operators who they are, in place of the token; null where the token tells them
 */
public record Admin(
    String host,
    int port,
    @Nullable Secret token,
    @Nullable Secret agentToken,
    boolean publicPage,
    boolean onMain,
    @Nullable Operators operators) {
  /** Before the paths of what is served on the port for requests. */
  public static final String PREFIX = "/.sluice";

  /**
   * Operators by their Google identity.
   *
   * @param by who shows it
   * @param believed whose word it is
   * @param people their e-mail addresses, or {@code *@DOMAIN}; empty: whomever IAP lets through
   */
  public record Operators(By by, TokenIssuer believed, List<String> people) {
    public Operators {
      people = people.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
    }

    /** Who shows the identity. */
    public enum By {
      /** The operator, as a bearer's token. */
      GOOGLE_ID_TOKEN,
      /** Identity-Aware Proxy, which stands before the gateway and has asked for it. */
      IAP
    }

    /** Whether one with this address may operate. */
    public boolean names(String email) {
      String address = email.toLowerCase(Locale.ROOT);
      String domain = "*" + address.substring(Math.max(0, address.lastIndexOf('@')));
      return people.isEmpty() || people.contains(address) || people.contains(domain);
    }
  }

  /** On a port of its own. */
  public Admin(
      String host,
      int port,
      @Nullable Secret token,
      @Nullable Secret agentToken,
      boolean publicPage) {
    this(host, port, token, agentToken, publicPage, false, null);
  }

  /** Where it listens: on this host alone, on any port, where it is served on another. */
  public Admin listening() {
    return onMain
        ? new Admin("127.0.0.1", 0, token, agentToken, publicPage, true, operators)
        : this;
  }
}
