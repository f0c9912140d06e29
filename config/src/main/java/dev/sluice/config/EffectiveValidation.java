package dev.sluice.config;

import dev.sluice.config.Validation.Http;
import dev.sluice.config.Validation.Step;

/** {@code validation:} with every default filled in. */
final class EffectiveValidation {
  private EffectiveValidation() {}

  static YamlText write(YamlText yaml, Validation validation) {
    yaml.flag("by-itself", validation.byItself())
        .number("max-failing", validation.maxFailing())
        .duration("connect-p95", validation.connectP95());
    if (!validation.steps().isEmpty()) {
      yaml.begin("steps");
      for (int i = 0; i < validation.steps().size(); i++) {
        yaml.append(step(yaml.item("steps", i), validation.steps().get(i)));
      }
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
