package dev.sluice.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads backends. */
final class BackendReader {
  private BackendReader() {}

  /** An HTTP address without a path. */
  private record Address(String host, int port) {}

  static Backend backend(Fields f) {
    String id = Id.read(f, Ids.Kind.BACKEND);
    Address address = address(f);
    List<String> dependsOn = Id.dependencies(f, "depends-on");
    Backend backend =
        new Backend(
            id,
            address.host(),
            address.port(),
            dependsOn == null ? List.of() : dependsOn,
            f.has("health") ? health(f.section("health")) : null,
            f.duration("connect-deadline", Duration.ofSeconds(2)),
            f.duration("response-deadline", Duration.ofSeconds(30)),
            f.duration("idle-deadline", Duration.ofSeconds(60)),
            f.number("pool-size", 1024, 0, 100_000),
            Tokens.header(f, "marker-header", "X-Application"),
            f.place());
    f.end();
    return backend;
  }

  private static Address address(Fields f) {
    Scalar url = f.requiredScalar("url");
    URI uri = url == null ? null : Addresses.httpUrl(url.text());
    if (url == null || uri == null || !bare(uri)) {
      if (url != null) {
        f.problems()
            .error(
                url.place(),
                "url must be http://HOST:PORT without a path",
                "such as http://127.0.0.1:8081");
      }
      return new Address("", 0);
    }
    if ("https".equals(uri.getScheme())) {
      f.problems()
          .error(
              url.place(),
              "a backend is reached over plain http so far",
              "put the gateway beside it, or a TLS proxy between them");
    }
    return new Address(Addresses.host(uri), uri.getPort() < 0 ? 80 : uri.getPort());
  }

  private static boolean bare(URI uri) {
    String path = uri.getRawPath();
    return uri.getRawQuery() == null && (path == null || path.isEmpty() || path.equals("/"));
  }

  private static Backend.@Nullable HealthProbe health(Fields f) {
    Scalar path = f.requiredScalar("path");
    if (path != null && !path.text().matches("/[!-~&&[^#]]*")) {
      f.problems()
          .error(
              path.place(), "path must begin with a slash and hold no space, not " + path.said());
    }
    Backend.HealthProbe probe =
        new Backend.HealthProbe(
            path == null ? "/" : path.text(),
            f.choice("format", Backend.Format.STATUS),
            f.duration("interval", Duration.ofSeconds(5)),
            f.duration("deadline", Duration.ofSeconds(2)));
    f.end();
    return probe;
  }
}
