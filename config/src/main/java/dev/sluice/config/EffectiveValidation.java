package dev.sluice.config;

import dev.sluice.config.Validation.Http;
import dev.sluice.config.Validation.Marked;
import dev.sluice.config.Validation.Schedule;
import dev.sluice.config.Validation.Step;
import java.util.List;
import java.util.TreeMap;

/** {@code validation:} with every default filled in. */
final class EffectiveValidation {
  private EffectiveValidation() {}

  static YamlText write(YamlText yaml, Validation validation) {
    yaml.flag("by-itself", validation.byItself())
        .number("max-failing", validation.maxFailing())
        .duration("connect-p95", validation.connectP95());
    Marked marked = validation.marked();
    if (marked != null) {
      yaml.append(
          yaml.section("record")
              .text("path", marked.path())
              .text("body", marked.body())
              .text("content-type", marked.contentType()));
    }
    if (!validation.paths().isEmpty()) {
      YamlText paths = yaml.section("paths");
      new TreeMap<>(validation.paths()).forEach(paths::text);
      yaml.append(paths);
    }
    if (!validation.faultProxies().isEmpty()) {
      YamlText proxies = yaml.section("fault-proxies");
      new TreeMap<>(validation.faultProxies())
          .forEach((id, url) -> proxies.url(id, url.toString()));
      yaml.append(proxies);
    }
    if (!validation.steps().isEmpty()) {
      yaml.begin("steps");
      for (int i = 0; i < validation.steps().size(); i++) {
        yaml.append(step(yaml.item("steps", i), validation.steps().get(i)));
      }
    }
    if (validation.schedules().isEmpty()) {
      yaml.texts("schedules", List.of());
    } else {
      yaml.begin("schedules");
    }
    for (int i = 0; i < validation.schedules().size(); i++) {
      Schedule schedule = validation.schedules().get(i);
      yaml.append(
          yaml.item("schedules", i)
              .text("id", schedule.id())
              .word("suite", schedule.suite())
              .text("cron", schedule.cron())
              .text("zone", schedule.zone().getId())
              .duration("jitter", schedule.jitter()));
    }
    return yaml;
  }

  private static YamlText step(YamlText yaml, Step step) {
    yaml.text("id", step.id());
    Http http = step.http();
    if (http != null) {
      yaml.url("http", http.url().toString())
          .number("status", http.status())
          .text("contains", http.contains());
    } else {
      yaml.texts("exec", step.exec());
    }
    return yaml.duration("within", step.within());
  }
}
