package dev.sluice.config;

import org.jspecify.annotations.Nullable;

/** What a probe reaches for. */
public sealed interface Target {
  /** For people: never holds a password or the value of a query. */
  String display();

  /** A PostgreSQL server; {@code ssl} is the sslmode of the URL. */
  record Postgres(
      String host, int port, String database, String user, @Nullable Secret password, SslMode ssl)
      implements Target {
    @Override
    public String display() {
      return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
    }
  }

  /** A bare TCP port. */
  record Tcp(String host, int port) implements Target {
    @Override
    public String display() {
      return "tcp://" + host + ":" + port;
    }
  }

  /**
   * An HTTP or HTTPS address; any answer below 500 is good.
   *
   * @param url without user info
   */
  record Http(java.net.URI url) implements Target {
    @Override
    public String display() {
      return Masks.url(url.toString());
    }

    @Override
    public String toString() {
      return "Http[url=" + display() + "]";
    }
  }

  /** A PostgreSQL client's demand for TLS, named as libpq names it. */
  enum SslMode {
    DISABLE,
    PREFER,
    REQUIRE
  }
}
