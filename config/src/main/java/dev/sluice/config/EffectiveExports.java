package dev.sluice.config;

import java.net.URI;
import java.util.TreeMap;

/** {@code telemetry:} with every default filled in. */
final class EffectiveExports {
  private EffectiveExports() {}

  static YamlText write(YamlText yaml, Exports exports) {
    yaml.text("service", exports.service());
    URI otlp = exports.otlp();
    if (otlp != null) {
      yaml.url("otlp", otlp.toString());
    }
    if (!exports.headers().isEmpty()) {
      YamlText headers = yaml.section("headers");
      new TreeMap<>(exports.headers()).forEach(headers::secret);
      yaml.append(headers);
    }
    if (exports.tracesOneIn() > 0) {
      yaml.append(yaml.section("traces").number("one-in", exports.tracesOneIn()));
    }
    return exports.metricsEvery() == null
        ? yaml
        : yaml.append(yaml.section("metrics").duration("every", exports.metricsEvery()));
  }
}
