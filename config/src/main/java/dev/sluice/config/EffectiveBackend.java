package dev.sluice.config;

import java.util.List;
import java.util.TreeMap;

/** A backend with every default filled in. */
final class EffectiveBackend {
  private EffectiveBackend() {}

  static void write(YamlText yaml, Backend backend) {
    yaml.text("id", backend.id());
    List<String> urls = backend.urls();
    if (urls.size() == 1) {
      yaml.text("url", urls.get(0));
    } else {
      yaml.texts("urls", urls);
    }
    Backend.Tls tls = backend.tls();
    if (tls != null && (tls.ca() != null || tls.serverName() != null)) {
      yaml.append(yaml.section("tls").text("ca", tls.ca()).text("server-name", tls.serverName()));
    }
    yaml.needs("depends-on", backend.dependsOn(), backend.required());
    Backend.HealthProbe health = backend.health();
    if (health != null) {
      yaml.append(health(yaml.section("health"), health));
    }
    Backend.Metrics metrics = backend.metrics();
    if (metrics != null) {
      yaml.append(yaml.section("metrics").url("path", metrics.path()));
    }
    yaml.duration("connect-deadline", backend.connectDeadline())
        .duration("response-deadline", backend.responseDeadline())
        .duration("idle-deadline", backend.idleDeadline())
        .number("pool-size", backend.pool().size())
        .duration("pool-idle", backend.pool().idle())
        .duration("pool-lifetime", backend.pool().lifetime());
    yaml.append(concurrency(yaml.section("concurrency"), backend.concurrency()));
    yaml.secret("on-behalf-of-key", backend.onBehalfOfKey()).flag("http2", backend.http2());
    Backend.Auth auth = backend.auth();
    if (auth != null) {
      yaml.append(
          yaml.section("auth").text("type", "google-id-token").text("audience", auth.audience()));
    }
    yaml.text("marker-header", backend.markerHeader());
  }

  private static YamlText health(YamlText yaml, Backend.HealthProbe health) {
    yaml.url("path", health.path())
        .word("format", health.format())
        .duration("interval", health.interval())
        .duration("deadline", health.deadline());
    if (!health.map().isEmpty()) {
      YamlText map = yaml.section("map");
      new TreeMap<>(health.map()).forEach(map::text);
      yaml.append(map);
    }
    return yaml;
  }

  private static YamlText concurrency(YamlText yaml, Backend.Concurrency concurrency) {
    return yaml.flag("adaptive", concurrency.adaptive())
        .number("min", concurrency.least())
        .number("max", concurrency.most())
        .number("max-waiting", concurrency.maxWaiting())
        .duration("max-wait", concurrency.maxWait());
  }
}
