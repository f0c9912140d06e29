package dev.sluice.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads the sections that stand once in a configuration. */
final class SettingsReader {
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(30);

  private SettingsReader() {}

  static Listen listen(Fields f) {
    Listen listen =
        new Listen(
            host(f, "0.0.0.0"),
            f.number("port", 8080, 0, 65_535),
            f.choice("transport", Listen.Transport.AUTO),
            f.number("threads", 0, 0, 1024),
            f.duration("idle", Duration.ofSeconds(620)),
            f.duration("header-deadline", Duration.ofSeconds(10)),
            f.duration("body-idle", Duration.ofSeconds(30)),
            f.bytes("min-body-rate", 240, 1L << 30),
            f.duration("write-deadline", Duration.ofSeconds(30)),
            f.duration("drain", Duration.ofSeconds(8)),
            f.duration("drain-notice", Duration.ofSeconds(1)),
            (int) f.bytes("max-request-line", 8 << 10, 1 << 20),
            (int) f.bytes("max-headers", 32 << 10, 8 << 20),
            f.bytes("max-body", 32L << 20, 1L << 40),
            f.number("max-connections", 10_000, 1, 1_000_000),
            f.bytes("max-buffered", 64L << 20, 1L << 40),
            f.has("max-memory") ? f.bytes("max-memory", 64L << 20, 1L << 50) : null,
            proxies(f),
            f.flag("proxy-protocol", false),
            f.flag("http2", true),
            f.has("tls") ? TlsReader.read(f.section("tls")) : null);
    f.end();
    if (listen.proxyProtocol() && listen.trustedProxies().isEmpty()) {
      f.problems()
          .error(
              f.place("proxy-protocol"),
              "proxy-protocol needs trusted-proxies: their word on the client is taken",
              "such as trusted-proxies: [10.0.0.0/8]");
    }
    return listen;
  }

  private static List<String> proxies(Fields f) {
    List<String> proxies = new ArrayList<>();
    List<Scalar> texts = f.texts("trusted-proxies");
    for (Scalar proxy : texts == null ? List.<Scalar>of() : texts) {
      if (Addresses.isCidr(proxy.text())) {
        proxies.add(proxy.text());
      } else {
        f.problems()
            .error(proxy.place(), proxy.said() + " is no address range", "such as 10.0.0.0/8");
      }
    }
    return proxies;
  }

  static String host(Fields f, String otherwise) {
    Scalar host = f.textScalar("host");
    if (host == null || Addresses.isHost(host.text())) {
      return host == null ? otherwise : host.text();
    }
    f.problems()
        .error(host.place(), "host must be a name or an address, not " + host.said(), "no port");
    return otherwise;
  }

  static Health health(Fields f) {
    Scalar base = f.textScalar("base");
    if (base != null && !plain(base.text())) {
      f.problems()
          .error(base.place(), "base must be a plain path such as /health, not " + base.said());
      base = null;
    }
    Fields ready = f.section("ready");
    Health health =
        new Health(
            base == null ? "/health" : base.text(),
            ready.choice("when-degraded", Health.WhenDegraded.PASS),
            probing(f.section("probing")));
    ready.end();
    f.end();
    return health;
  }

  private static Health.Probing probing(Fields f) {
    Health.Probing usual = Health.Probing.AUTO;
    Health.Probing.When when = f.choice("mode", usual.when());
    Duration wait = f.duration("wait", usual.patience());
    if (wait.isZero() || wait.compareTo(LONGEST_LOOK) > 0) {
      f.problems()
          .error(
              f.place("wait"),
              "wait must be over zero and at most 30s: whoever asks for health waits no longer",
              "wait: 800ms");
    }
    f.end();
    return new Health.Probing(when, wait);
  }

  private static boolean plain(String path) {
    return path.matches("/[A-Za-z0-9._~/-]{1,200}")
        && !path.endsWith("/")
        && PathRule.fault(path) == null;
  }

  static long cache(Fields f) {
    long bytes = f.bytes("max-bytes", 64L << 20, 1L << 40);
    f.end();
    return bytes;
  }

  static Resolver resolver(Fields f) {
    List<Resolver.Server> servers = new ArrayList<>();
    List<Scalar> texts = f.texts("servers");
    for (Scalar text : texts == null ? List.<Scalar>of() : texts) {
      Addresses.HostPort server = Addresses.hostPort(text.text(), 53);
      if (server != null && Addresses.isLiteral(server.host())) {
        servers.add(new Resolver.Server(server.host(), server.port()));
      } else {
        f.problems()
            .error(
                text.place(),
                text.said() + " is no address of a name server",
                "such as 10.0.0.2 or 127.0.0.1:5353");
      }
    }
    f.end();
    return new Resolver(servers);
  }
}
