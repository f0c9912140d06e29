package dev.sluice.config;

import java.util.List;

/** A route's filters with every default filled in. */
final class EffectiveFilters {
  private EffectiveFilters() {}

  static void write(YamlText yaml, List<Filter> filters) {
    yaml.begin("filters");
    int index = 0;
    for (Filter filter : filters) {
      yaml.append(one(yaml.item("filters", index), filter));
      index++;
    }
  }

  private static YamlText one(YamlText yaml, Filter filter) {
    if (filter instanceof Filter.StripPrefix strip) {
      return yaml.text("strip-prefix", strip.prefix());
    } else if (filter instanceof Filter.AddPrefix add) {
      return yaml.text("add-prefix", add.prefix());
    } else if (filter instanceof Filter.Host host) {
      return yaml.text("host", host.name() == null ? "backend" : host.name());
    } else if (filter instanceof Filter.SetHeader set) {
      String key = set.ofRequest() ? "set-request-header" : "set-response-header";
      return yaml.append(yaml.section(key).text("name", set.name()).text("value", set.value()));
    } else if (filter instanceof Filter.RemoveHeader remove) {
      String key = remove.ofRequest() ? "remove-request-header" : "remove-response-header";
      return yaml.text(key, remove.name());
    } else if (filter instanceof Filter.Redirect redirect) {
      return yaml.append(
          yaml.section("redirect").number("status", redirect.status()).text("to", redirect.to()));
    } else if (filter instanceof Filter.Answer answer) {
      return yaml.append(
          yaml.section("answer")
              .number("status", answer.status())
              .text("content-type", answer.contentType())
              .text("body", answer.body()));
    } else if (filter instanceof Filter.Cors cors) {
      return yaml.append(cors(yaml.section("cors"), cors));
    }
    return yaml.append(yaml.section("gzip").size("min-size", ((Filter.Gzip) filter).least()));
  }

  private static YamlText cors(YamlText yaml, Filter.Cors cors) {
    return yaml.texts("origins", cors.origins())
        .texts("methods", cors.methods())
        .texts("headers", cors.headers())
        .texts("expose", cors.exposed())
        .flag("credentials", cors.credentials())
        .duration("max-age", cors.maxAge());
  }
}
