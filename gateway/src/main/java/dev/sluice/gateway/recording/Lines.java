package dev.sluice.gateway.recording;

import dev.sluice.gateway.agent.ReportWriter;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Complaint;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.PoolFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The lines of a recording, each a JSON object that begins with its moment. Pure. */
final class Lines {
  static final String AT = "at";

  /** Where the moment begins in a line. */
  static final int BEFORE_AT = "{\"at\":\"".length();

  /** Of a recording's form. */
  static final int VERSION = 1;

  private Lines() {}

  static Map<String, Object> head() {
    return Map.of("recording", VERSION);
  }

  static Map<String, Object> at(Instant at) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put(AT, at.toString());
    return line;
  }

  static Map<String, Object> with(Map<String, Object> line, String member, Object value) {
    line.put(member, value);
    return line;
  }

  /**
   * @param member {@code climb} of a dependency, {@code control} of a control
   */
  static Map<String, Object> climb(String member, Climb climb) {
    Map<String, Object> line = at(climb.at());
    line.put("vantage", climb.vantage().name().toLowerCase(Locale.ROOT));
    line.put(member, ReportWriter.climb(climb));
    return line;
  }

  static Map<String, Object> heard(String backendId, BackendHealth answer) {
    Map<String, Object> line = at(answer.at());
    line.put("backend", backendId);
    Map<String, Object> heard = new LinkedHashMap<>();
    heard.put("reach", answer.reach().name().toLowerCase(Locale.ROOT));
    heard.put("status", answer.status());
    heard.put("ok", answer.ok());
    heard.put("text", answer.text());
    put(heard, "revision", answer.revision());
    put(heard, "said", answer.said());
    if (!answer.complaints().isEmpty()) {
      heard.put("complaints", answer.complaints().stream().map(Lines::complaint).toList());
    }
    PoolFigures pool = answer.pool();
    if (pool != null) {
      heard.put(
          "pool",
          List.of(pool.allocated(), pool.acquired(), pool.idle(), pool.max(), pool.pending()));
    }
    line.put("heard", heard);
    return line;
  }

  private static Map<String, Object> complaint(Complaint complaint) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("component", complaint.component());
    out.put("text", complaint.text());
    out.put("of-dependency", complaint.ofDependency());
    Detail detail = complaint.detail();
    put(out, "detail", detail == null ? null : detail.label());
    return out;
  }

  static Map<String, Object> traffic(
      Instant at, Flow flow, Map<Ending, AtomicInteger> endings, @Nullable String evidence) {
    Map<String, Object> line = at(at);
    line.put("to", flow.backendId());
    line.put("needs", flow.needs());
    endings.forEach(
        (ending, times) -> {
          if (times.get() > 0) {
            line.put(ending.label(), times.get());
          }
        });
    put(line, "evidence", evidence);
    return line;
  }

  static Map<String, Object> tried(Instant at, String dependencyId, Duration took) {
    Map<String, Object> line = at(at);
    line.put("tried", dependencyId);
    line.put("ms", took.toMillis());
    return line;
  }

  static Map<String, Object> act(Act act) {
    Map<String, Object> line = at(act.at());
    line.put(act.kind().label(), act.what());
    line.put("subject", act.subject());
    return line;
  }

  static Map<String, Object> lost(Instant at, int lines) {
    return with(at(at), "lost", lines);
  }

  private static void put(Map<String, Object> out, String member, @Nullable String value) {
    if (value != null) {
      out.put(member, value);
    }
  }
}
