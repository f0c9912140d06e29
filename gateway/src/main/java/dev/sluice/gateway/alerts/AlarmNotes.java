package dev.sluice.gateway.alerts;

import dev.sluice.gateway.alerts.Alarm.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Alarms as they are kept, and told to other gateways. */
public final class AlarmNotes {
  private AlarmNotes() {}

  /** All but its subjects. */
  public static Map<String, Object> map(Alarm alarm) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("key", alarm.key());
    out.put("severity", alarm.severity().name());
    out.put("team", alarm.team());
    out.put("cause", alarm.cause());
    out.put("detail", alarm.detail());
    out.put("confidence", alarm.confidence());
    out.put("sentence", alarm.sentence());
    out.put("evidence", alarm.evidence());
    out.put("remedy", alarm.remedy());
    out.put("commands", alarm.commands());
    out.put("routes", alarm.routes());
    out.put("impacts", alarm.impacts());
    out.put("since", alarm.since().toString());
    return out;
  }

  /**
   * What {@link #map} said.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Alarm read(JsonNode node, List<String> subjects) {
    return new Alarm(
        text(node, "key"),
        subjects,
        Severity.valueOf(text(node, "severity")),
        text(node, "team"),
        text(node, "cause"),
        text(node, "detail"),
        node.path("confidence").asDouble(0),
        text(node, "sentence"),
        texts(node.path("evidence")),
        text(node, "remedy"),
        texts(node.path("commands")),
        texts(node.path("routes")),
        texts(node.path("impacts")),
        Instant.parse(text(node, "since")),
        false);
  }

  /** The text under a key, which has to be there. */
  public static String text(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isString()) {
      throw new IllegalArgumentException(key + " is missing");
    }
    return value.asString();
  }

  /** The texts of a list. */
  public static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    node.forEach(each -> texts.add(each.asString()));
    return texts;
  }
}
