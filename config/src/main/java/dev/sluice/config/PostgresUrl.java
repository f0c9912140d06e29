package dev.sluice.config;

import dev.sluice.config.Addresses.HostPort;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code r2dbc:postgresql://}, {@code postgresql://} and {@code postgres://} URLs. No message
 * holds any part of the URL: it may carry a password.
 */
final class PostgresUrl {
  private static final List<String> SCHEMES =
      List.of("r2dbc:postgresql://", "postgresql://", "postgres://");
  private static final String SHAPE = "r2dbc:postgresql://USER:PASSWORD@HOST:5432/DATABASE";

  private final Problems problems;
  private final Place place;

  PostgresUrl(Problems problems, Place place) {
    this.problems = problems;
    this.place = place;
  }

  /** Null after a problem. */
  Target.@Nullable Postgres read(Scalar url) {
    String text = url.text();
    if (text.startsWith("jdbc:")) {
      return fail("a jdbc: URL is not understood here", jdbcHint(url));
    }
    for (String scheme : SCHEMES) {
      if (text.startsWith(scheme)) {
        return parse(text.substring(scheme.length()), url.raw());
      }
    }
    return fail("url must be a PostgreSQL URL", "such as " + SHAPE);
  }

  /** The same URL as this loader wants it, without credentials or values of the environment. */
  private static String jdbcHint(Scalar url) {
    String raw = url.raw();
    if (!raw.startsWith("jdbc:postgresql://")) {
      return "write " + SHAPE;
    }
    String rest = raw.substring("jdbc:postgresql://".length());
    int query = rest.indexOf('?');
    String address = query < 0 ? rest : rest.substring(0, query);
    String bare = address.substring(address.lastIndexOf('@') + 1);
    boolean plain = bare.matches("[A-Za-z0-9.:_\\[\\]-]+/[A-Za-z0-9._-]+");
    return plain ? "write r2dbc:postgresql://USER:PASSWORD@" + bare : "write " + SHAPE;
  }

  private Target.@Nullable Postgres parse(String rest, String raw) {
    int question = rest.indexOf('?');
    String main = question < 0 ? rest : rest.substring(0, question);
    String query = question < 0 ? "" : rest.substring(question + 1);
    int at = main.lastIndexOf('@');
    if (at < 1) {
      return fail("url names no user", "write " + SHAPE);
    }
    String address = main.substring(at + 1);
    int slash = address.indexOf('/');
    String authority = slash < 0 ? address : address.substring(0, slash);
    String database = slash < 0 ? "" : address.substring(slash + 1);
    if (authority.contains(",")) {
      return fail("url names several hosts", "give each server a dependency of its own");
    }
    HostPort server = Addresses.hostPort(authority, 5432);
    if (server == null) {
      return fail("url has no valid host and port", "write " + SHAPE);
    }
    if (database.isEmpty() || database.contains("/")) {
      return fail("url names no database", "write " + SHAPE);
    }
    return target(server, database, main.substring(0, at), security(query, raw));
  }

  private Target.@Nullable Postgres target(
      HostPort server, String database, String credentials, @Nullable Security security) {
    int colon = credentials.indexOf(':');
    String user = Addresses.decoded(colon < 0 ? credentials : credentials.substring(0, colon));
    String password = colon < 0 ? null : Addresses.decoded(credentials.substring(colon + 1));
    String name = Addresses.decoded(database);
    if (user == null || name == null || (colon >= 0 && password == null)) {
      return fail("url has a % that begins no escape", "write %25 for a percent sign");
    }
    if (user.isEmpty()) {
      return fail("url names no user", "write " + SHAPE);
    }
    if (security == null) {
      return null;
    }
    Secret secret = password == null || password.isEmpty() ? null : new Secret(password);
    return new Target.Postgres(
        server.host(), server.port(), name, user, secret, security.mode(), security.root());
  }

  /** What the parameters of a URL say of TLS. */
  private record Security(Target.SslMode mode, @Nullable String root) {}

  private @Nullable Security security(String query, String raw) {
    Target.SslMode mode = Target.SslMode.PREFER;
    String root = null;
    for (String parameter : query.isEmpty() ? new String[0] : query.split("&")) {
      int equals = parameter.indexOf('=');
      String key = equals < 0 ? parameter : parameter.substring(0, equals);
      String value = equals < 0 ? "" : parameter.substring(equals + 1);
      switch (key.toLowerCase(Locale.ROOT)) {
        case "sslmode" -> {
          Target.SslMode given = mode(value);
          if (given == null) {
            return null;
          }
          mode = given;
        }
        case "sslrootcert" -> {
          root = Addresses.decoded(value);
          if (!readable(root)) {
            return null;
          }
        }
        default -> ignored(key, raw);
      }
    }
    return root == null || mode.verifies() ? new Security(mode, root) : unread();
  }

  private void ignored(String key, String raw) {
    boolean written = raw.contains("?" + key + "=") || raw.contains("&" + key + "=");
    problems.warn(
        place,
        (written ? "parameter '" + key + "'" : "a parameter") + " of the url is ignored",
        "sslmode and sslrootcert are read");
  }

  private boolean readable(@Nullable String root) {
    String fault = root == null ? "this is no path" : Authorities.fault(root);
    if (fault != null) {
      problems.error(
          place, "sslrootcert cannot be used: " + fault, "name a PEM file of authorities");
    }
    return fault == null;
  }

  /** A certificate that nothing is held against would be a false comfort. */
  private @Nullable Security unread() {
    problems.error(
        place,
        "sslrootcert is read with sslmode=verify-ca or verify-full alone",
        "write sslmode=verify-full");
    return null;
  }

  private Target.@Nullable SslMode mode(String word) {
    for (Target.SslMode mode : Target.SslMode.values()) {
      if (Values.word(mode).equals(word.toLowerCase(Locale.ROOT))) {
        return mode;
      }
    }
    problems.error(
        place, "sslmode must be one of disable, prefer, require, verify-ca, verify-full");
    return null;
  }

  private Target.@Nullable Postgres fail(String message, String hint) {
    problems.error(place, message, hint);
    return null;
  }
}
