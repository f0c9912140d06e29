package dev.sluice.config;

import org.jspecify.annotations.Nullable;

/** What a probe reaches for. */
public sealed interface Target {
  /** For people: never holds a password or the value of a query. */
  String display();

  /** The port that it is reached by; null where it is reached by a file. */
  @Nullable Tcp footing();

  /**
   * A PostgreSQL server.
   *
   * @param ssl the sslmode of the URL
   * @param rootCertificate a PEM file of the authorities that are believed, the sslrootcert of the
   *     URL; null: those of the platform
   * @param socket the file of a Unix domain socket that it is reached by, host and port are then
   *     nobody's; null: it is reached by TCP
   */
  record Postgres(
      String host,
      int port,
      String database,
      String user,
      @Nullable Secret password,
      SslMode ssl,
      @Nullable String rootCertificate,
      @Nullable String socket)
      implements Target {
    /** A server that is reached by TCP. */
    public Postgres(
        String host,
        int port,
        String database,
        String user,
        @Nullable Secret password,
        SslMode ssl,
        @Nullable String rootCertificate) {
      this(host, port, database, user, password, ssl, rootCertificate, null);
    }

    /** A server whose certificate, where it is verified, is known to the platform. */
    public Postgres(
        String host,
        int port,
        String database,
        String user,
        @Nullable Secret password,
        SslMode ssl) {
      this(host, port, database, user, password, ssl, null);
    }

    /** The same by a socket's file, where nothing is encrypted. */
    Postgres by(String file) {
      return new Postgres(
          host, port, database, user, password, SslMode.DISABLE, rootCertificate, file);
    }

    @Override
    public @Nullable Tcp footing() {
      return socket == null ? new Tcp(host, port) : null;
    }

    @Override
    public String display() {
      if (socket != null) {
        return "postgresql://" + user + "@" + socket + "/" + database;
      }
      return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
    }
  }

  /** A bare TCP port. */
  record Tcp(String host, int port) implements Target {
    @Override
    public Tcp footing() {
      return this;
    }

    @Override
    public String display() {
      return "tcp://" + host + ":" + port;
    }
  }

  /**
   * A Redis server, asked for a PING.
   *
   * @param user null for the default one
   * @param password null where there is none
   */
  record Redis(String host, int port, @Nullable String user, @Nullable Secret password, boolean tls)
      implements Target {
    @Override
    public Tcp footing() {
      return new Tcp(host, port);
    }

    @Override
    public String display() {
      return (tls ? "rediss://" : "redis://") + host + ":" + port;
    }
  }

  /**
   * An HTTP or HTTPS address; any answer below 500 is good.
   *
   * @param url without user info
   */
  record Http(java.net.URI url) implements Target {
    @Override
    public Tcp footing() {
      int usual = "https".equals(url.getScheme()) ? 443 : 80;
      return new Tcp(url.getHost(), url.getPort() >= 0 ? url.getPort() : usual);
    }

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
    REQUIRE,
    /** The certificate must come from an authority that is believed. */
    VERIFY_CA,
    /** It must name the host too. */
    VERIFY_FULL;

    public boolean verifies() {
      return this == VERIFY_CA || this == VERIFY_FULL;
    }

    /** True when a server that offers no TLS is not good enough. */
    public boolean demands() {
      return this != DISABLE && this != PREFER;
    }
  }
}
