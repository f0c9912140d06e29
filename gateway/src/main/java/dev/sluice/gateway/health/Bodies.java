package dev.sluice.gateway.health;

import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Evidence;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Verdict;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON members that health answers, the admin port and the command line have in common. */
public final class Bodies {
  private Bodies() {}

  /** {@code status}, {@code mode} and {@code verdict}, in this order. */
  static Map<String, Object> head(String status, Posture posture, boolean full) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", status);
    body.put("mode", posture.mode().label());
    body.put("verdict", verdict(posture.headline(), full));
    return body;
  }

  /** A verdict; without {@code full} its cause and age alone. */
  public static Map<String, Object> verdict(Verdict verdict, boolean full) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("cause", verdict.cause().name());
    if (full) {
      out.put("subject", verdict.subject());
      out.put("detail", verdict.detail().label());
      out.put("confidence", Math.round(verdict.confidence() * 100) / 100.0);
      out.put("sentence", verdict.sentence());
      out.put("remedy", verdict.remedy());
      out.put("owner", verdict.owner());
      putUnlessNull(out, "deciding-test", verdict.decidingTest());
      out.put("evidence", verdict.evidence().stream().map(Evidence::text).toList());
    }
    out.put("since", verdict.since().toString());
    return out;
  }

  /** The rungs of a climb, in the order climbed. */
  public static List<Map<String, Object>> rungs(Climb climb) {
    return climb.samples().stream().map(Bodies::rung).toList();
  }

  /** One rung: what it was, how it went, and what was seen when it failed. */
  public static Map<String, Object> rung(Sample sample) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("rung", label(sample.rung()));
    out.put("tier", label(sample.rung().tier()));
    out.put("ok", sample.ok());
    out.put("ms", sample.millis());
    out.put("vantage", label(sample.vantage()));
    putUnlessNull(out, "signal", sample.signal());
    putUnlessNull(out, "sqlstate", sample.sqlState());
    if (sample.sqlState() != null && sample.synthetic()) {
      out.put("synthetic", true);
    }
    putUnlessNull(out, "message", sample.message());
    putUnlessNull(out, "exception", sample.exception());
    Instant ends = sample.certificateEnds();
    putUnlessNull(out, "certificate-ends", ends == null ? null : ends.toString());
    return out;
  }

  /** A constant as reports write it: {@code select-one}. */
  public static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A backend's own last answer; null when there was none yet. */
  static @Nullable Map<String, Object> own(BackendStatus status, boolean full) {
    var health = status.lastHealth();
    if (health == null) {
      return null;
    }
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("status", health.status());
    out.put("ok", health.ok());
    out.put("time", health.at().toString());
    if (full) {
      out.put("text", health.text());
      Instant ends = health.certificateEnds();
      putUnlessNull(out, "certificate-ends", ends == null ? null : ends.toString());
    }
    return out;
  }

  private static void putUnlessNull(Map<String, Object> out, String name, @Nullable Object value) {
    if (value != null) {
      out.put(name, value);
    }
  }
}
