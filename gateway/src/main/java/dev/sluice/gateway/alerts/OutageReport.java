package dev.sluice.gateway.alerts;

import dev.sluice.gateway.alerts.Incident.View;
import dev.sluice.gateway.health.Words;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** An outage in Markdown, as a team pastes it into its post-mortem. Pure. */
public final class OutageReport {
  private final StringBuilder out = new StringBuilder(4096);
  private final View outage;
  private final Instant now;

  private OutageReport(View outage, Instant now) {
    this.outage = outage;
    this.now = now;
  }

  /**
   * The report.
   *
   * @param now for an outage that has not ended
   */
  public static String markdown(View outage, Instant now) {
    OutageReport report = new OutageReport(outage, now);
    report.head();
    report.verdict();
    report.served();
    report.timeline();
    return report.out.toString();
  }

  private void head() {
    Alarm alarm = outage.alarm();
    Instant ended = outage.ended();
    line("# Outage " + outage.id());
    line("");
    line("| | |");
    line("|---|---|");
    row("Subject", outage.subject());
    row("Begun", outage.begun().toString());
    row("Ended", ended == null ? "it lasts" : ended.toString());
    row("Lasted", Words.of(outage.lasted(now)));
    row("Owner", alarm.team());
    row("Told", outage.teams().isEmpty() ? "nobody" : String.join(", ", outage.teams()));
    row("Concerned", String.join(", ", outage.subjects()));
    row("Routes", alarm.routes().isEmpty() ? "none" : String.join(", ", alarm.routes()));
    if (!alarm.impacts().isEmpty()) {
      row("Impact", String.join("; ", alarm.impacts()));
    }
    if (outage.flaps() > 0) {
      row("Came back", outage.flaps() + " times");
    }
    line("");
  }

  private void verdict() {
    Alarm alarm = outage.alarm();
    line("## Verdict");
    line("");
    line(
        String.format(
            Locale.ROOT,
            "**%s · %s**, confidence %.0f %%. %s",
            alarm.cause(),
            alarm.detail(),
            100 * alarm.confidence(),
            plain(alarm.sentence())));
    line("");
    line(exoneration(alarm));
    line("");
    if (!alarm.evidence().isEmpty()) {
      line("Evidence:");
      line("");
      alarm.evidence().forEach(each -> line("- " + plain(each)));
      line("");
    }
    if (!alarm.remedy().isBlank()) {
      line("Remedy: " + plain(alarm.remedy()));
      line("");
    }
    if (!alarm.commands().isEmpty()) {
      line("```");
      alarm.commands().forEach(this::line);
      line("```");
      line("");
    }
  }

  /** Who is not to blame, and by what. */
  static String exoneration(Alarm alarm) {
    List<String> evidence = alarm.evidence();
    String by = evidence.isEmpty() ? "the verdict alone" : quoted(evidence.get(0));
    return switch (alarm.cause()) {
      case "INFRASTRUCTURE" -> "The application is exonerated by " + by + ".";
      case "APPLICATION" -> "The infrastructure is exonerated by " + by + ".";
      default -> "Nobody is exonerated: what was seen does not tell them apart.";
    };
  }

  private static String quoted(String evidence) {
    String text = plain(evidence);
    return "\"" + (text.endsWith(".") ? text.substring(0, text.length() - 1) : text) + "\"";
  }

  private void served() {
    Served served = outage.served();
    line("## What clients were given meanwhile");
    line("");
    line("| requests | |");
    line("|---|---|");
    row("forwarded", Long.toString(served.forwarded()));
    row("answered from stored copies", Long.toString(served.copies()));
    row("writes held (202)", Long.toString(served.held()));
    row("held writes released", Long.toString(served.released()));
    row("refused (503)", Long.toString(served.refused()));
    row("failed", Long.toString(served.failed()));
    row(
        "availability seen by clients",
        String.format(Locale.ROOT, "%.3f %%", 100 * served.availability()));
    line("");
  }

  private void timeline() {
    line("## Timeline");
    line("");
    outage.timeline().forEach(entry -> line("- " + entry.at() + " " + plain(entry.text())));
  }

  private void row(String name, String value) {
    line("| " + name + " | " + plain(value).replace("|", "\\|") + " |");
  }

  /** What was seen must not become markup. */
  private static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").replace("<", "&lt;").replace("`", "'");
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
