package dev.sluice.config;

import dev.sluice.config.Alerts.Hours;
import dev.sluice.config.Alerts.Receiver;
import dev.sluice.config.Alerts.Team;
import dev.sluice.config.Alerts.Warnings;
import java.util.Locale;

/** {@code alerts:} with every default filled in. */
final class EffectiveAlerts {
  private EffectiveAlerts() {}

  static YamlText write(YamlText yaml, Alerts alerts) {
    if (!alerts.receivers().isEmpty()) {
      yaml.begin("receivers");
      for (int i = 0; i < alerts.receivers().size(); i++) {
        yaml.append(receiver(yaml.item("receivers", i), alerts.receivers().get(i)));
      }
    }
    if (!alerts.teams().isEmpty()) {
      yaml.begin("teams");
      for (int i = 0; i < alerts.teams().size(); i++) {
        yaml.append(team(yaml.item("teams", i), alerts.teams().get(i)));
      }
    }
    yaml.duration("after", alerts.after())
        .duration("resolve-after", alerts.resolveAfter())
        .duration("min-interval", alerts.minInterval())
        .duration("update-every", alerts.updateEvery())
        .duration("repeat-every", alerts.repeatEvery());
    Hours hours = alerts.hours();
    yaml.append(
        yaml.section("hours")
            .texts("days", hours.days().stream().sorted().map(EffectiveAlerts::day).toList())
            .text("from", hours.from().toString())
            .text("to", hours.to().toString())
            .text("zone", hours.zone().getId()));
    Warnings warnings = alerts.warnings();
    return yaml.text("runbook", alerts.runbook())
        .text("dashboard", alerts.dashboard())
        .append(
            yaml.section("warn")
                .duration("queue-age", warnings.queueAge())
                .duration("runway", warnings.runway())
                .number("disk-free", warnings.diskFree())
                .duration("certificate", warnings.certificate()));
  }

  private static String day(java.time.DayOfWeek day) {
    return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
  }

  /** Whoever knows the URL of a hook may often write there: it is a secret. */
  private static YamlText receiver(YamlText yaml, Receiver receiver) {
    yaml.text("id", receiver.id()).word("type", receiver.type());
    String url = receiver.url() == null ? null : receiver.url().toString();
    boolean hook =
        receiver.type() == Receiver.Type.SLACK || receiver.type() == Receiver.Type.WEBHOOK;
    if (url != null && hook) {
      yaml.secret("url", new Secret(url));
    } else if (url != null) {
      yaml.url("url", url);
    }
    return yaml.secret("key", receiver.key());
  }

  private static YamlText team(YamlText yaml, Team team) {
    yaml.text("id", team.id()).texts("receivers", team.receivers());
    return team.escalateAfter() == null
        ? yaml
        : yaml.append(
            yaml.section("escalate")
                .duration("after", team.escalateAfter())
                .texts("to", team.escalateTo()));
  }
}
