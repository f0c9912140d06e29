package dev.sluice.gateway.alerts;

import dev.sluice.gateway.alerts.Incident.View;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An incident as receivers and the admin port give it to machines. Pure. */
public final class IncidentJson {
  private IncidentJson() {}

  /** Without its timeline. */
  public static Map<String, Object> of(View view, Instant now) {
    Alarm alarm = view.alarm();
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("id", view.id());
    out.put("status", view.ended() == null ? "firing" : "resolved");
    out.put("severity", alarm.severity().label());
    out.put("team", alarm.team());
    out.put("told", view.teams());
    out.put("cause", alarm.cause());
    out.put("detail", alarm.detail());
    out.put("confidence", alarm.confidence());
    out.put("subject", view.subject());
    out.put("subjects", view.subjects());
    out.put("sentence", alarm.sentence());
    out.put("evidence", alarm.evidence());
    out.put("remedy", alarm.remedy());
    out.put("commands", alarm.commands());
    out.put("routes", alarm.routes());
    out.put("impact", alarm.impacts());
    out.put("begun", view.begun().toString());
    Instant ended = view.ended();
    if (ended != null) {
      out.put("ended", ended.toString());
    }
    out.put("seconds", view.lasted(now).toSeconds());
    out.put("came-back", view.flaps());
    Map<String, Object> served = IncidentNotes.served(view.served());
    served.put("availability", view.served().availability());
    out.put("served", served);
    return out;
  }

  /** With its timeline. */
  public static Map<String, Object> whole(View view, Instant now) {
    Map<String, Object> out = of(view, now);
    out.put(
        "timeline",
        view.timeline().stream()
            .map(entry -> Map.of("at", entry.at().toString(), "text", entry.text()))
            .toList());
    return out;
  }

  /** Many of them. */
  public static List<Map<String, Object>> of(List<View> views, Instant now) {
    return views.stream().map(view -> of(view, now)).toList();
  }
}
