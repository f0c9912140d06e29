package dev.sluice.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** A configuration as one route file with every default filled in. */
public final class EffectiveYaml {
  private EffectiveYaml() {}

  /**
   * Secrets and the values of queries stand as {@code ***}, and what came from the environment as
   * the file has it; without secrets, the text loads as an equal configuration in the same
   * environment.
   *
   * @throws IllegalArgumentException when there is no configuration
   */
  public static String print(LoadResult loaded) {
    Configuration configuration = loaded.configuration();
    if (configuration == null) {
      throw new IllegalArgumentException("no configuration was loaded");
    }
    YamlText yaml = new YamlText(loaded.origins());
    yaml.text("environment", configuration.environment());
    yaml.word("mode", configuration.mode());
    yaml.append(listen(yaml.section("listen"), configuration.listen()));
    yaml.append(admin(yaml.section("admin"), configuration.admin()));
    Store store = configuration.store();
    if (store != null) {
      yaml.append(store(yaml.section("store"), store));
    }
    Health health = configuration.health();
    YamlText section = yaml.section("health").text("base", health.base());
    section.append(section.section("ready").word("when-degraded", health.whenDegraded()));
    section.append(
        section
            .section("probing")
            .word("mode", health.probing().when())
            .duration("wait", health.probing().patience()));
    yaml.append(section);
    yaml.append(breaker(yaml.section("breaker"), configuration.breaker()));
    yaml.append(yaml.section("cache").size("max-bytes", configuration.cacheBytes()));
    yaml.append(
        yaml.section("resolver")
            .texts(
                "servers",
                configuration.resolver().servers().stream().map(Object::toString).toList()));
    operation(yaml, configuration.operation());
    all(yaml, "dependencies", configuration.dependencies(), EffectiveYaml::dependency);
    all(yaml, "networks", configuration.networks(), EffectiveYaml::network);
    all(yaml, "controls", configuration.controls(), EffectiveYaml::control);
    all(yaml, "backends", configuration.backends(), EffectiveBackend::write);
    all(yaml, "routes", configuration.routes(), EffectiveRoute::write);
    return yaml.toString();
  }

  private static <T> void all(
      YamlText yaml, String key, List<T> values, BiConsumer<YamlText, T> writer) {
    if (values.isEmpty()) {
      yaml.texts(key, List.of());
      return;
    }
    yaml.begin(key);
    for (int i = 0; i < values.size(); i++) {
      YamlText item = yaml.item(key, i);
      writer.accept(item, values.get(i));
      yaml.append(item);
    }
  }

  private static YamlText listen(YamlText yaml, Listen listen) {
    yaml.text("host", listen.host())
        .number("port", listen.port())
        .word("transport", listen.transport())
        .number("threads", listen.threads())
        .duration("idle", listen.idle())
        .duration("header-deadline", listen.headerDeadline())
        .duration("body-idle", listen.bodyIdle())
        .size("min-body-rate", listen.minBodyRate())
        .duration("write-deadline", listen.writeDeadline())
        .duration("drain", listen.drain())
        .duration("drain-notice", listen.drainNotice())
        .size("max-request-line", listen.maxRequestLine())
        .size("max-headers", listen.maxHeaders())
        .size("max-body", listen.maxBody())
        .number("max-connections", listen.maxConnections())
        .size("max-buffered", listen.maxBuffered());
    if (listen.maxMemory() != null) {
      yaml.size("max-memory", listen.maxMemory());
    }
    yaml.texts("trusted-proxies", listen.trustedProxies())
        .flag("proxy-protocol", listen.proxyProtocol())
        .flag("http2", listen.http2());
    Listen.Tls tls = listen.tls();
    return tls == null ? yaml : yaml.append(tls(yaml.section("tls"), tls));
  }

  private static YamlText tls(YamlText yaml, Listen.Tls tls) {
    yaml.begin("certificates");
    int index = 0;
    for (Listen.Certificate each : tls.certificates()) {
      yaml.append(
          yaml.item("certificates", index).text("chain", each.chain()).text("key", each.key()));
      index++;
    }
    return tls.clientCa() == null
        ? yaml
        : yaml.text("client-ca", tls.clientCa())
            .word("client-certificates", tls.clientCertificates());
  }

  private static YamlText admin(YamlText yaml, Admin admin) {
    yaml.text("on", admin.onMain() ? "main" : "port")
        .text("host", admin.host())
        .number("port", admin.port())
        .secret("token", admin.token())
        .secret("agent-token", admin.agentToken())
        .flag("public-page", admin.publicPage());
    Admin.Operators operators = admin.operators();
    return operators == null
        ? yaml.text("auth", "token")
        : yaml.word("auth", operators.by())
            .text("audience", operators.believed().audience())
            .texts("operators", operators.people())
            .text("keys", operators.believed().keys().toString());
  }

  private static void operation(YamlText yaml, Operation operation) {
    if (!operation.owners().isEmpty()) {
      YamlText owners = yaml.section("owners");
      new TreeMap<>(operation.owners()).forEach(owners::text);
      yaml.append(owners);
    }
    Operation.Platform platform = operation.platform();
    if (platform != null) {
      YamlText section =
          yaml.section("platform")
              .word("kind", platform.kind())
              .text("project", platform.project())
              .text("region", platform.region())
              .text("connector", platform.connector())
              .flag("facts", platform.facts());
      names(section, "instances", platform.instances());
      names(section, "services", platform.services());
      yaml.append(section);
    }
    TokenIssuer tokens = operation.issuer();
    if (tokens != null) {
      yaml.append(
          yaml.section("tokens")
              .text("issuer", tokens.issuer())
              .text("audience", tokens.audience())
              .text("keys", tokens.keys().toString()));
    }
    AccessLog log = operation.accessLog();
    yaml.append(
        yaml.section("access-log").word("lines", log.lines()).number("one-in", log.oneIn()));
    yaml.append(EffectiveAlerts.write(yaml.section("alerts"), operation.alerts()));
    yaml.append(EffectiveExports.write(yaml.section("telemetry"), operation.exports()));
    yaml.append(EffectiveValidation.write(yaml.section("validation"), operation.validation()));
  }

  private static void names(YamlText yaml, String key, Map<String, String> names) {
    if (!names.isEmpty()) {
      YamlText section = yaml.section(key);
      new TreeMap<>(names).forEach(section::text);
      yaml.append(section);
    }
  }

  private static YamlText store(YamlText yaml, Store store) {
    Target.Postgres shared = store.shared();
    if (shared == null) {
      yaml.text("url", "sqlite:" + store.path());
    } else {
      yaml.url("url", url(shared));
    }
    return yaml.secret("key", store.key())
        .secrets("old-keys", store.oldKeys())
        .number("max-records", store.maxRecords())
        .size("max-bytes", store.maxBytes())
        .number("high-water", store.highWater())
        .duration("retention", store.retention())
        .text("network", store.network())
        .flag("accept-volatile", store.acceptVolatile())
        .flag("accept-shared-fate", store.acceptSharedFate());
  }

  private static YamlText breaker(YamlText yaml, Breaker breaker) {
    Breaker.Learning learning = breaker.learning();
    return yaml.number("failures", breaker.failures())
        .duration("retry-after", breaker.retryAfter())
        .number("trial-climbs", breaker.trialClimbs())
        .number("trial-calls", breaker.trialCalls())
        .duration("recovery", breaker.recovery())
        .append(
            yaml.section("learning")
                .word("mode", learning.mode())
                .number("min-failures", learning.leastFailures())
                .number("max-failures", learning.mostFailures())
                .duration("min-retry-after", learning.leastRetryAfter())
                .duration("max-retry-after", learning.mostRetryAfter()));
  }

  private static void dependency(YamlText yaml, Dependency dependency) {
    target(yaml.text("id", dependency.id()), dependency.target());
    yaml.text("network", dependency.network());
    Tiers tiers = dependency.tiers();
    yaml.append(
        yaml.section("tiers")
            .duration("connect", tiers.connect())
            .duration("query", tiers.query())
            .duration("full", tiers.full()));
    yaml.duration("interval", dependency.interval())
        .text("full-query", dependency.fullQuery())
        .duration("full-interval", dependency.fullInterval())
        .flag("required", dependency.required());
  }

  private static void network(YamlText yaml, Network network) {
    yaml.text("id", network.id()).word("kind", network.kind()).text("through", network.through());
  }

  private static void control(YamlText yaml, Control control) {
    target(yaml.text("id", control.id()), control.target());
    yaml.text("network", control.network()).duration("interval", control.interval());
  }

  private static void target(YamlText yaml, Target target) {
    if (target instanceof Target.Postgres postgres) {
      yaml.text("type", "postgresql").url("url", url(postgres)).text("socket", postgres.socket());
    } else if (target instanceof Target.Redis redis) {
      yaml.text("type", "redis").url("url", url(redis));
    } else if (target instanceof Target.Http http) {
      yaml.text("type", "http").url("url", http.url().toString());
    } else if (target instanceof Target.Tcp tcp) {
      String host = Addresses.bracketed(tcp.host());
      yaml.text("type", "tcp").url("url", "tcp://" + host + ":" + tcp.port());
    }
  }

  private static String url(Target.Redis target) {
    String user = target.user() == null ? "" : encoded(target.user());
    String login = target.password() == null ? "" : user + ":" + target.password() + "@";
    String host = Addresses.bracketed(target.host());
    return (target.tls() ? "rediss://" : "redis://") + login + host + ":" + target.port();
  }

  private static String url(Target.Postgres target) {
    String password = target.password() == null ? "" : ":" + target.password();
    return "r2dbc:postgresql://"
        + encoded(target.user())
        + password
        + "@"
        + Addresses.bracketed(target.host())
        + ":"
        + target.port()
        + "/"
        + encoded(target.database())
        + "?sslmode="
        + Values.word(target.ssl())
        + (target.rootCertificate() == null
            ? ""
            : "&sslrootcert=" + encoded(target.rootCertificate()));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
