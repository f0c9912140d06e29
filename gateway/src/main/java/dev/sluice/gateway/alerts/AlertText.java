package dev.sluice.gateway.alerts;

import dev.sluice.config.Alerts;
import dev.sluice.gateway.alerts.Incident.View;
import dev.sluice.gateway.health.Words;
import dev.sluice.gateway.validate.Revalidated;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Messages in words. Pure. */
final class AlertText {
  private final Alerts settings;
  private final String environment;
  private final Instant now;

  AlertText(Alerts settings, String environment, Instant now) {
    this.settings = settings;
    this.environment = environment;
    this.now = now;
  }

  /** One line on one incident. */
  String title(Message.Kind kind, View incident) {
    Alarm alarm = incident.alarm();
    String head = "[" + kind.name() + "] " + environment + ": ";
    if (kind == Message.Kind.RESOLVED) {
      return head + incident.subject() + " is well again after " + Words.of(incident.lasted(now));
    }
    return head + alarm.cause() + " " + alarm.detail() + ", " + alarm.key();
  }

  /** Everything that whoever is called needs to know of one incident. */
  String body(Message.Kind kind, View incident) {
    StringBuilder out = new StringBuilder();
    if (kind == Message.Kind.RESOLVED) {
      end(out, incident);
    } else {
      state(out, kind, incident);
    }
    line(out, "Runbook: ", runbook(incident));
    line(out, "Dashboard: ", settings.dashboard());
    return out.append("Incident ").append(incident.id()).toString();
  }

  private void state(StringBuilder out, Message.Kind kind, View incident) {
    Alarm alarm = incident.alarm();
    if (kind == Message.Kind.ESCALATED) {
      line(
          out, "", "It has lasted for " + Words.of(incident.lasted(now)) + " and nobody ended it.");
    }
    line(out, "", alarm.sentence());
    line(
        out,
        "",
        String.format(
            Locale.ROOT,
            "Since %s (%s), confidence %.0f %%, owner %s.",
            incident.begun(),
            Words.of(incident.lasted(now)),
            100 * alarm.confidence(),
            alarm.team()));
    concerned(out, alarm);
    alarm.evidence().forEach(each -> line(out, "- ", each));
    line(out, "Do first: ", alarm.remedy());
    alarm.commands().forEach(each -> line(out, "  ", each));
    if (incident.served().all() > 0) {
      line(out, "Meanwhile: ", served(incident.served()));
    }
  }

  private static void concerned(StringBuilder out, Alarm alarm) {
    line(out, "Impact: ", String.join("; ", alarm.impacts()));
    line(out, "Routes: ", String.join(", ", alarm.routes()));
  }

  private void end(StringBuilder out, View incident) {
    Alarm alarm = incident.alarm();
    line(
        out,
        "",
        incident.subject()
            + " is well again. It failed from "
            + incident.begun()
            + " on, for "
            + Words.of(incident.lasted(now))
            + "; it was last said: "
            + alarm.sentence());
    if (incident.flaps() > 0) {
      line(out, "", "It came back " + incident.flaps() + " times in between.");
    }
    incident.timeline().stream()
        .map(Incident.Entry::text)
        .filter(text -> text.startsWith(Revalidated.PREFIX))
        .reduce((one, next) -> next)
        .ifPresent(text -> line(out, "", text));
    line(out, "Meanwhile: ", served(incident.served()));
  }

  /** Such as {@code 120 answers from copies, 7 writes held, 7 released ...}. */
  static String served(Served served) {
    return String.format(
        Locale.ROOT,
        "%,d requests forwarded, %,d answered from copies, %,d writes held and %,d released, %,d"
            + " refused, %,d failed: %.2f %% of the clients' requests were served.",
        served.forwarded(),
        served.copies(),
        served.held(),
        served.released(),
        served.refused(),
        served.failed(),
        100 * served.availability());
  }

  /** Where the remedy is written down; null where nowhere. */
  @Nullable String runbook(View incident) {
    String link = settings.runbook();
    return link == null ? null : link.replace("{detail}", incident.alarm().detail());
  }

  @Nullable String dashboard() {
    return settings.dashboard();
  }

  /** All incidents of a message. */
  String whole(Message message) {
    List<String> parts =
        message.incidents().stream()
            .map(each -> title(message.kind(), each) + "\n" + body(message.kind(), each))
            .toList();
    return String.join("\n\n", parts);
  }

  private static void line(StringBuilder out, String lead, @Nullable String text) {
    if (text != null && !text.isBlank()) {
      out.append(lead).append(text.strip()).append('\n');
    }
  }
}
