package dev.sluice.gateway.agent;

import dev.sluice.gateway.health.Json;
import dev.sluice.probes.monitor.AgentReport;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Sessions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a report as JSON: {@code {"agent", "climbs": [{"target", "samples": [{"rung", "ok",
 * "millis", ...}], "sessions"}]}}. Times are not sent: clocks differ, and a report is as old as its
 * way took.
 */
public final class ReportWriter {
  private static final int LONGEST = 300;

  private ReportWriter() {}

  static byte[] bytes(AgentReport report) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("agent", report.agent());
    out.put("climbs", report.climbs().stream().map(ReportWriter::climb).toList());
    return Json.bytes(out);
  }

  /** One climb, without its time and vantage. */
  public static Map<String, Object> climb(Climb climb) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("target", climb.targetId());
    out.put("samples", climb.samples().stream().map(ReportWriter::sample).toList());
    Sessions held = climb.sessions();
    if (held != null) {
      Map<String, Object> sessions = new LinkedHashMap<>();
      sessions.put("slots", held.slots());
      sessions.put("application", held.application());
      sessions.put("probes", held.probes());
      sessions.put("others", held.others());
      if (held.left() != Sessions.UNLIMITED) {
        sessions.put("left", held.left());
      }
      sessions.put("largest", shortened(held.largest()));
      out.put("sessions", sessions);
    }
    return out;
  }

  private static Map<String, Object> sample(Sample sample) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("rung", sample.rung().name().toLowerCase(Locale.ROOT));
    out.put("ok", sample.ok());
    out.put("millis", sample.millis());
    put(out, "signal", sample.signal());
    put(out, "sqlstate", sample.sqlState());
    if (sample.sqlState() != null) {
      out.put("synthetic", sample.synthetic());
    }
    put(out, "exception", sample.exception());
    put(out, "message", sample.message());
    Instant ends = sample.certificateEnds();
    put(out, "certificate-ends", ends == null ? null : ends.toString());
    List<String> chain = sample.causeChain();
    if (!chain.isEmpty()) {
      out.put("causes", chain.stream().limit(8).map(ReportWriter::shortened).toList());
    }
    return out;
  }

  private static void put(Map<String, Object> out, String name, @Nullable String text) {
    if (text != null) {
      out.put(name, shortened(text));
    }
  }

  private static String shortened(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
  }
}
