package dev.sluice.gateway.alerts;

import dev.sluice.gateway.health.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Incidents as text that outlives the process. */
final class IncidentNotes {
  /** What the store keeps of one note, in characters. */
  static final int MOST = 16_000;

  private static final int MOST_SUBJECTS = 100;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private IncidentNotes() {}

  static String write(Incident incident, Served now) {
    for (int entries = incident.timeline.size(); entries > 0; entries /= 2) {
      String text = Json.text(map(incident, incident.alarm, now, entries));
      if (text.length() <= MOST) {
        return text;
      }
    }
    return Json.text(map(incident, bare(incident.alarm), now, 0));
  }

  /** What is needed to know it again; the rest is said anew with its next alarm. */
  private static Alarm bare(Alarm alarm) {
    return new Alarm(
        alarm.key(),
        List.of(alarm.key()),
        alarm.severity(),
        alarm.team(),
        alarm.cause(),
        alarm.detail(),
        alarm.confidence(),
        "",
        List.of(),
        "",
        List.of(),
        List.of(),
        List.of(),
        alarm.since(),
        false);
  }

  private static Map<String, Object> map(Incident incident, Alarm alarm, Served now, int entries) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("id", incident.id);
    out.put("begun", incident.begun.toString());
    out.put("subjects", incident.subjects.stream().limit(MOST_SUBJECTS).toList());
    Map<String, String> told = new LinkedHashMap<>();
    incident.told.forEach((team, at) -> told.put(team, at.toString()));
    out.put("told", told);
    out.put("escalated-to", List.copyOf(incident.escalatedTo));
    out.put("repeated", incident.repeated.toString());
    out.put("flaps", incident.flaps);
    Instant ended = incident.ended;
    if (ended != null) {
      out.put("ended", ended.toString());
    }
    out.put("served", served(ended == null ? incident.served(now) : incident.before));
    out.put("alarm", AlarmNotes.map(alarm));
    List<List<String>> timeline = new ArrayList<>();
    incident.timeline.stream()
        .limit(entries)
        .forEach(entry -> timeline.add(List.of(entry.at().toString(), entry.text())));
    out.put("timeline", timeline);
    return out;
  }

  static Map<String, Object> served(Served served) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("forwarded", served.forwarded());
    out.put("failed", served.failed());
    out.put("copies", served.copies());
    out.put("held", served.held());
    out.put("released", served.released());
    out.put("refused", served.refused());
    return out;
  }

  /** Null for a text that is none of {@link #write}'s. */
  static @Nullable Incident read(String text, Served now) {
    try {
      JsonNode node = JSON.readTree(text);
      return node.hasNonNull("id") && node.hasNonNull("alarm") ? incident(node, now) : null;
    } catch (JacksonException | DateTimeParseException | IllegalArgumentException e) {
      return null;
    }
  }

  private static Incident incident(JsonNode node, Served now) {
    List<String> subjects = AlarmNotes.texts(node.path("subjects"));
    Alarm alarm = AlarmNotes.read(node.path("alarm"), subjects);
    Instant begun = Instant.parse(AlarmNotes.text(node, "begun"));
    Incident incident = new Incident(AlarmNotes.text(node, "id"), alarm, begun, begun, now);
    node.path("told")
        .properties()
        .forEach(
            each -> incident.told.put(each.getKey(), Instant.parse(each.getValue().asString())));
    incident.escalatedTo.addAll(AlarmNotes.texts(node.path("escalated-to")));
    incident.repeated = Instant.parse(AlarmNotes.text(node, "repeated"));
    incident.flaps = node.path("flaps").asInt(0);
    incident.ended =
        node.hasNonNull("ended") ? Instant.parse(AlarmNotes.text(node, "ended")) : null;
    incident.before = served(node.path("served"));
    for (JsonNode entry : node.path("timeline")) {
      incident.note(Instant.parse(entry.path(0).asString()), entry.path(1).asString());
    }
    return incident;
  }

  private static Served served(JsonNode node) {
    return new Served(
        node.path("forwarded").asLong(0),
        node.path("failed").asLong(0),
        node.path("copies").asLong(0),
        node.path("held").asLong(0),
        node.path("released").asLong(0),
        node.path("refused").asLong(0));
  }
}
