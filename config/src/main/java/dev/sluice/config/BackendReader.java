package dev.sluice.config;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads backends. */
final class BackendReader {
  private static final int LEAST_KEY = 32;

  private BackendReader() {}

  /** Where a backend is served, and whether over TLS. */
  private record Served(List<Backend.Address> addresses, boolean secure) {}

  static Backend backend(Fields f) {
    String id = Id.read(f, Ids.Kind.BACKEND);
    Served served = served(f);
    Needs named = Needs.read(f, "depends-on");
    Needs needs = named == null ? Needs.NONE : named;
    Backend backend =
        new Backend(
            id,
            served.addresses(),
            tls(f, served.secure()),
            needs.ids(),
            needs.required(),
            f.has("health") ? health(f.section("health")) : null,
            f.has("metrics") ? metrics(f.section("metrics")) : null,
            f.duration("connect-deadline", Duration.ofSeconds(2)),
            f.duration("response-deadline", Duration.ofSeconds(30)),
            f.duration("idle-deadline", Duration.ofSeconds(60)),
            new Backend.Pool(
                f.number("pool-size", 1024, 0, 100_000),
                f.duration("pool-idle", Duration.ofSeconds(4)),
                f.duration("pool-lifetime", Duration.ofMinutes(10))),
            concurrency(f.section("concurrency")),
            onBehalfOfKey(f),
            f.flag("http2", false),
            f.has("auth") ? auth(f.section("auth"), served) : null,
            Tokens.header(f, "marker-header", "X-Application"),
            f.place());
    f.end();
    return backend;
  }

  private static @Nullable Secret onBehalfOfKey(Fields f) {
    Scalar key = f.textScalar("on-behalf-of-key");
    if (key != null && key.text().length() < LEAST_KEY) {
      f.problems()
          .error(
              key.place(),
              "the key that signs for whom writes are sent is shorter than "
                  + LEAST_KEY
                  + " characters",
              "openssl rand -base64 32 makes one");
      return null;
    }
    return key == null ? null : new Secret(key.text());
  }

  private static Served served(Fields f) {
    if (f.has("urls") && f.has("url")) {
      f.problems().error(f.place("urls"), "a backend has url or urls, not both");
    }
    List<Scalar> urls = f.has("urls") ? f.texts("urls") : single(f);
    if (urls != null && urls.isEmpty() && f.has("urls")) {
      f.problems().error(f.place("urls"), "urls must name at least one address");
    }
    List<Backend.Address> addresses = new ArrayList<>();
    String scheme = null;
    for (Scalar url : urls == null ? List.<Scalar>of() : urls) {
      URI uri = bare(f.problems(), url);
      if (uri != null && scheme != null && !scheme.equals(uri.getScheme())) {
        f.problems().error(url.place(), "the urls of one backend have one scheme");
      } else if (uri != null) {
        scheme = uri.getScheme();
        add(f.problems(), url, uri, addresses);
      }
    }
    boolean none = addresses.isEmpty();
    return new Served(
        none ? List.of(new Backend.Address("", 0)) : addresses, "https".equals(scheme));
  }

  private static List<Scalar> single(Fields f) {
    Scalar url = f.requiredScalar("url");
    return url == null ? List.of() : List.of(url);
  }

  private static void add(Problems problems, Scalar url, URI uri, List<Backend.Address> addresses) {
    int usual = "https".equals(uri.getScheme()) ? 443 : 80;
    int port = uri.getPort() < 0 ? usual : uri.getPort();
    Backend.Address address = new Backend.Address(Addresses.host(uri), port);
    if (Addresses.isPlatforms(address.host())) {
      problems.error(
          url.place(),
          url.said() + " is the platform's own: its tokens would be anybody's who asks the gateway",
          "name the backend's address");
    } else if (addresses.contains(address)) {
      problems.error(url.place(), "urls names " + url.said() + " twice");
    } else {
      addresses.add(address);
    }
  }

  /** An HTTP address without a path; null after a problem. */
  private static @Nullable URI bare(Problems problems, Scalar url) {
    URI uri = Addresses.httpUrl(url.text());
    if (uri != null && uri.getRawQuery() == null) {
      String path = uri.getRawPath();
      if (path == null || path.isEmpty() || path.equals("/")) {
        return uri;
      }
    }
    problems.error(
        url.place(),
        "url must be http://HOST:PORT or https://HOST:PORT without a path",
        "such as http://127.0.0.1:8081");
    return null;
  }

  private static Backend.@Nullable Tls tls(Fields f, boolean secure) {
    if (!f.has("tls")) {
      return secure ? new Backend.Tls(null, null) : null;
    }
    Fields section = f.section("tls");
    Scalar ca = section.textScalar("ca");
    Scalar name = section.textScalar("server-name");
    section.end();
    if (!secure) {
      f.problems().error(f.place("tls"), "tls needs an https url");
      return null;
    }
    if (name != null && !Addresses.isHost(name.text())) {
      f.problems().error(name.place(), "server-name must be a host, not " + name.said());
    }
    if (ca != null) {
      authorities(f.problems(), ca);
    }
    return new Backend.Tls(ca == null ? null : ca.text(), name == null ? null : name.text());
  }

  private static void authorities(Problems problems, Scalar ca) {
    String fault = Authorities.fault(ca.text());
    if (fault != null) {
      problems.error(
          ca.place(),
          "ca must be a PEM file with certificates, not " + ca.said() + ": " + fault,
          "name the file of the authority that signs the backend's, from the working directory on;"
              + " without ca the platform's are believed");
    }
  }

  /** The only way so far. */
  private enum AuthType {
    GOOGLE_ID_TOKEN
  }

  private static Backend.Auth auth(Fields f, Served served) {
    f.choice("type", AuthType.GOOGLE_ID_TOKEN);
    Scalar audience = f.textScalar("audience");
    f.end();
    if (audience != null && !audience.text().matches("[!-~]{1,500}")) {
      f.problems()
          .error(
              audience.place(),
              "audience must be a name without spaces, not " + audience.said(),
              "mostly the service's own URL");
    }
    String usual = (served.secure() ? "https://" : "http://") + served.addresses().get(0).host();
    return new Backend.Auth(audience == null ? usual : audience.text());
  }

  private static Backend.Concurrency concurrency(Fields f) {
    Backend.Concurrency usual = Backend.Concurrency.DEFAULT;
    Backend.Concurrency concurrency =
        new Backend.Concurrency(
            f.flag("adaptive", usual.adaptive()),
            f.number("min", usual.least(), 1, 1_000_000),
            f.number("max", usual.most(), 1, 1_000_000),
            f.number("max-waiting", usual.maxWaiting(), 0, 1_000_000),
            f.duration("max-wait", usual.maxWait()));
    f.end();
    if (concurrency.least() > concurrency.most()) {
      f.problems()
          .error(f.place("min"), "min must not be above max", "max is " + concurrency.most());
    }
    return concurrency;
  }

  private static Backend.Metrics metrics(Fields f) {
    Backend.Metrics metrics = new Backend.Metrics(path(f));
    f.end();
    return metrics;
  }

  private static String path(Fields f) {
    Scalar path = f.requiredScalar("path");
    if (path != null && !path.text().matches("/[!-~&&[^#]]*")) {
      f.problems()
          .error(
              path.place(), "path must begin with a slash and hold no space, not " + path.said());
    }
    return path == null ? "/" : path.text();
  }

  /** Names of components, as they stand in the body, to ids. */
  private static Map<String, String> map(Fields f) {
    Map<String, String> map = new LinkedHashMap<>();
    for (Scalar component : f.keys()) {
      String id = Id.refer(f, component.text(), Ids.Kind.DEPENDENCY);
      if (id != null) {
        map.put(component.text(), id);
      }
    }
    f.end();
    return map;
  }

  private static Backend.@Nullable HealthProbe health(Fields f) {
    Backend.HealthProbe probe =
        new Backend.HealthProbe(
            path(f),
            f.choice("format", Backend.Format.STATUS),
            f.duration("interval", Duration.ofSeconds(5)),
            f.duration("deadline", Duration.ofSeconds(2)),
            map(f.section("map")));
    f.end();
    return probe;
  }
}
