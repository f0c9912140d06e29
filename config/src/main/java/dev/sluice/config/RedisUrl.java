package dev.sluice.config;

import dev.sluice.config.Addresses.HostPort;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code redis://} and {@code rediss://} URLs. No message holds any part of the URL: it may
 * carry a password.
 */
final class RedisUrl {
  private static final String SHAPE = "redis://:PASSWORD@HOST:6379, rediss:// with TLS";
  private static final int PORT = 6379;

  private final Problems problems;
  private final Place place;

  RedisUrl(Problems problems, Place place) {
    this.problems = problems;
    this.place = place;
  }

  /** Null after a problem. */
  Target.@Nullable Redis read(String text) {
    boolean tls = text.startsWith("rediss://");
    if (!tls && !text.startsWith("redis://")) {
      return fail("url must be redis:// or rediss://", "such as " + SHAPE);
    }
    String rest = text.substring(tls ? 9 : 8);
    int at = rest.lastIndexOf('@');
    String authority = rest.substring(at + 1).replaceFirst("/\\d{0,5}$", "");
    HostPort server = Addresses.hostPort(authority, PORT);
    if (server == null) {
      return fail("url has no valid host and port", "write " + SHAPE);
    }
    return target(server, at < 0 ? "" : rest.substring(0, at), tls);
  }

  private Target.@Nullable Redis target(HostPort server, String credentials, boolean tls) {
    int colon = credentials.indexOf(':');
    String user = Addresses.decoded(colon < 0 ? credentials : credentials.substring(0, colon));
    String password = Addresses.decoded(colon < 0 ? "" : credentials.substring(colon + 1));
    if (user == null || password == null) {
      return fail("url has a % that begins no escape", "write %25 for a percent sign");
    }
    if (!user.isEmpty() && password.isEmpty()) {
      return fail("url names a user and no password", "write " + SHAPE);
    }
    return new Target.Redis(
        server.host(),
        server.port(),
        user.isEmpty() ? null : user,
        password.isEmpty() ? null : new Secret(password),
        tls);
  }

  private Target.@Nullable Redis fail(String problem, String hint) {
    problems.error(place, problem, hint);
    return null;
  }
}
