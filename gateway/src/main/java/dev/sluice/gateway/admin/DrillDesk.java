package dev.sluice.gateway.admin;

import dev.sluice.gateway.admin.AdminDesk.Question;
import dev.sluice.gateway.alerts.Served;
import dev.sluice.gateway.drill.Drill;
import dev.sluice.gateway.drill.Drills;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Drills: {@code GET /-/drill} tells of the one that runs or the last one, and what clients have
 * not been given since the start; {@code POST} with {@code ?dependency=} begins one, {@code DELETE}
 * ends it.
 */
final class DrillDesk {
  static final String PATH = "/-/drill";

  private static final String USAGE =
      "dependency is an id; seconds is from 1 to 300; failures, after which it ends itself, from 1"
          + " to 100; in production, production=yes.";

  private final AdminSources sources;

  DrillDesk(AdminSources sources) {
    this.sources = sources;
  }

  Reply read() {
    Map<String, Object> out = told(sources.drills().latest());
    Served served = sources.served();
    out.put("clients-failed", served.failed());
    out.put("clients-refused", served.refused());
    return Reply.json(out);
  }

  /** POST and DELETE. */
  Reply change(Question q) {
    if (q.method().equals("DELETE")) {
      sources.drills().end("somebody ended it");
      return read();
    }
    String dependency = q.query().get("dependency");
    Integer seconds = number(q.query().getOrDefault("seconds", "60"), 300);
    Integer failures = number(q.query().getOrDefault("failures", "3"), 100);
    if (dependency == null || seconds == null || failures == null) {
      return Reply.problem(400, "The query is not understood", USAGE);
    }
    boolean production = "yes".equals(q.query().get("production"));
    try {
      return Reply.json(
          told(
              sources
                  .drills()
                  .begin(
                      new Drills.Wish(
                          dependency, Duration.ofSeconds(seconds), failures, production))));
    } catch (Drills.Refused e) {
      return Reply.problem(409, "There is no drill now", e.why() + ".");
    }
  }

  private static @Nullable Integer number(String text, int most) {
    if (!text.matches("[0-9]{1,3}")) {
      return null;
    }
    int number = Integer.parseInt(text);
    return number >= 1 && number <= most ? number : null;
  }

  private static Map<String, Object> told(@Nullable Drill drill) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("running", drill != null && drill.running());
    if (drill != null) {
      out.put("dependency", drill.dependency());
      out.put("begun", drill.begun().toString());
      out.put("until", drill.until().toString());
      out.put("failed", drill.failed());
      if (drill.ended() != null) {
        out.put("ended", drill.ended().toString());
        out.put("why", String.valueOf(drill.why()));
      }
    }
    return out;
  }
}
