package dev.sluice.gateway.fleet;

import dev.sluice.gateway.agent.ReportReader;
import dev.sluice.gateway.agent.ReportWriter;
import dev.sluice.gateway.alerts.Alarm;
import dev.sluice.gateway.alerts.AlarmNotes;
import dev.sluice.gateway.health.Json;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Vantage;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Members as text. What another gateway wrote is read with care: its version may be another. */
public final class MemberNotes {
  private static final int MOST = 64_000;
  private static final int MOST_UNKNOWN = 500;
  private static final int MOST_CLIMBS = 20;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private MemberNotes() {}

  /** A member in at most 64,000 characters; where it sees more, the worst of it. */
  public static String write(Member member) {
    String text = "";
    for (int alarms = member.alarms().size(); alarms >= 0; alarms = alarms == 0 ? -1 : alarms / 2) {
      text = Json.text(map(member, alarms));
      if (text.length() <= MOST) {
        return text;
      }
    }
    return text;
  }

  private static Map<String, Object> map(Member member, int most) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", member.name());
    out.put("since", member.since().toString());
    out.put("mode", member.mode());
    out.put("unknown", member.unknown().stream().sorted().limit(MOST_UNKNOWN).toList());
    out.put("alarms", member.alarms().stream().limit(most).map(MemberNotes::map).toList());
    out.put("climbs", member.climbs().stream().limit(MOST_CLIMBS).map(MemberNotes::map).toList());
    return out;
  }

  private static Map<String, Object> map(Climb climb) {
    Map<String, Object> out = ReportWriter.climb(climb);
    out.put("at", climb.at().toString());
    return out;
  }

  private static Map<String, Object> map(Alarm alarm) {
    Map<String, Object> out = AlarmNotes.map(alarm);
    out.put("subjects", alarm.subjects());
    out.put("fading", alarm.fading());
    return out;
  }

  private static List<Climb> climbs(JsonNode node) {
    List<Climb> climbs = new ArrayList<>();
    for (JsonNode each : node) {
      Instant at = Instant.parse(AlarmNotes.text(each, "at"));
      climbs.add(ReportReader.climb(each, "climbs", at, Vantage.GATEWAY));
    }
    return climbs;
  }

  /** Null for a text that is none of {@link #write}'s. */
  public static @Nullable Member read(String id, boolean leads, String text) {
    try {
      JsonNode node = JSON.readTree(text);
      List<Alarm> alarms = new ArrayList<>();
      for (JsonNode each : node.path("alarms")) {
        Alarm alarm = AlarmNotes.read(each, AlarmNotes.texts(each.path("subjects")));
        alarms.add(each.path("fading").asBoolean(false) ? alarm.asFading() : alarm);
      }
      return new Member(
          id,
          AlarmNotes.text(node, "name"),
          leads,
          Instant.parse(AlarmNotes.text(node, "since")),
          AlarmNotes.text(node, "mode"),
          alarms,
          Set.copyOf(AlarmNotes.texts(node.path("unknown"))),
          climbs(node.path("climbs")));
    } catch (JacksonException | DateTimeParseException | IllegalArgumentException e) {
      return null;
    }
  }
}
