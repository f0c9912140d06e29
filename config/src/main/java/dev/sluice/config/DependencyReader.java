package dev.sluice.config;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads dependencies, controls and networks. */
final class DependencyReader {
  private static final Target NOWHERE = new Target.Tcp("", 0);

  /** What Linux allows (unix(7), sun_path), its end left out. */
  private static final int LONGEST_SOCKET = 107;

  private DependencyReader() {}

  private enum Type {
    POSTGRESQL,
    REDIS,
    HTTP,
    TCP
  }

  static Dependency dependency(Fields f) {
    String id = Id.read(f, Ids.Kind.DEPENDENCY);
    Target target = bySocket(f, target(f));
    Tiers tiers = tiers(f.section("tiers"));
    Dependency dependency =
        new Dependency(
            id,
            target,
            Id.refer(f, "network", Ids.Kind.NETWORK),
            tiers,
            f.duration("interval", Duration.ofSeconds(5)),
            fullQuery(f, target),
            f.duration("full-interval", Duration.ofSeconds(60)),
            f.flag("required", true),
            f.place());
    f.end();
    return dependency;
  }

  /** By a file instead of TCP, such as Cloud SQL's below {@code /cloudsql}. */
  private static Target bySocket(Fields f, Target target) {
    Scalar file = f.textScalar("socket");
    if (file == null || target == NOWHERE) {
      return target;
    }
    if (!(target instanceof Target.Postgres postgres)) {
      f.problems().error(file.place(), "only a postgresql dependency has a socket");
      return target;
    }
    if (postgres.ssl().demands()) {
      f.problems()
          .error(
              file.place(),
              "sslmode of the url demands TLS, which is not spoken over a socket's file",
              "leave sslmode out");
    }
    String path = file.text();
    String whole = path.contains("/.s.PGSQL.") ? path : path + "/.s.PGSQL." + postgres.port();
    if (!path.startsWith("/") || whole.length() > LONGEST_SOCKET) {
      f.problems()
          .error(
              file.place(),
              "socket must be an absolute path of at most " + LONGEST_SOCKET + " characters",
              "such as /cloudsql/PROJECT:REGION:INSTANCE");
    }
    return postgres.by(whole);
  }

  private static Tiers tiers(Fields f) {
    Tiers tiers =
        new Tiers(
            f.duration("connect", Duration.ofSeconds(5)),
            f.duration("query", Duration.ofSeconds(10)),
            f.duration("full", Duration.ofSeconds(20)));
    if (tiers.connect().compareTo(tiers.query()) > 0 || tiers.query().compareTo(tiers.full()) > 0) {
      f.problems()
          .warn(
              f.place(),
              "a tier's deadline is shorter than that of the tier before it",
              "connect <= query <= full");
    }
    f.end();
    return tiers;
  }

  private static @Nullable String fullQuery(Fields f, Target target) {
    Scalar query = f.textScalar("full-query");
    if (query == null) {
      return null;
    }
    if (target instanceof Target.Postgres) {
      Lint.fullQuery(f.problems(), query);
    } else if (target != NOWHERE) {
      f.problems().error(query.place(), "only a postgresql dependency has a full-query");
    }
    return query.text();
  }

  static Control control(Fields f) {
    String id = Id.read(f, Ids.Kind.CONTROL);
    Target target = target(f);
    String network = Id.referRequired(f, "network", Ids.Kind.NETWORK);
    Control control =
        new Control(id, target, network, f.duration("interval", Duration.ofSeconds(5)), f.place());
    f.end();
    return control;
  }

  static Network network(Fields f) {
    String id = Id.read(f, Ids.Kind.NETWORK);
    f.requiredScalar("kind");
    Network.Kind kind = f.choice("kind", Network.Kind.OTHER);
    Network network = new Network(id, kind, Id.refer(f, "through", Ids.Kind.NETWORK), f.place());
    f.end();
    return network;
  }

  private static Target target(Fields f) {
    Scalar name = f.requiredScalar("type");
    Type type = f.choice("type", Type.POSTGRESQL);
    Scalar url = f.requiredScalar("url");
    if (url == null || name == null || !Values.word(type).equals(name.text())) {
      return NOWHERE;
    }
    Target target =
        switch (type) {
          case POSTGRESQL -> new PostgresUrl(f.problems(), url.place()).read(url);
          case REDIS -> new RedisUrl(f.problems(), url.place()).read(url.text());
          case HTTP -> http(f.problems(), url);
          case TCP -> tcp(f.problems(), url);
        };
    return target == null ? NOWHERE : target;
  }

  private static @Nullable Target http(Problems problems, Scalar url) {
    URI uri = Addresses.httpUrl(url.text());
    if (uri == null) {
      problems.error(
          url.place(),
          "url must be an http or https URL without user info",
          "such as https://storage.googleapis.com");
      return null;
    }
    return new Target.Http(uri);
  }

  private static @Nullable Target tcp(Problems problems, Scalar url) {
    String text = url.text();
    Addresses.HostPort address =
        text.startsWith("tcp://") ? Addresses.hostPort(text.substring(6), 0) : null;
    if (address == null) {
      problems.error(url.place(), "url must be tcp://HOST:PORT");
      return null;
    }
    return new Target.Tcp(address.host(), address.port());
  }
}
