package dev.sluice.gateway.recording;

import dev.sluice.gateway.agent.ReportReader;
import dev.sluice.gateway.recording.Act.Kind;
import dev.sluice.gateway.recording.Recording.Counted;
import dev.sluice.gateway.recording.Recording.Pushed;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Complaint;
import dev.sluice.probes.verdict.PoolFigures;
import dev.sluice.probes.verdict.Reach;
import dev.sluice.probes.verdict.Vantage;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a recording from its lines; what it does not know in them is passed over. */
public final class RecordingReader {
  private static final int MOST_LINES = 2_000_000;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Recording recording = Recording.empty();
  private int lost;
  private int number;

  private RecordingReader() {}

  /**
   * Reads all lines.
   *
   * @throws IllegalArgumentException naming the line that is wrong, and how
   */
  public static Recording read(BufferedReader lines) throws IOException {
    RecordingReader reader = new RecordingReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      reader.line(line);
    }
    Recording read = reader.recording;
    if (reader.number == 0 || read.isEmpty()) {
      throw new IllegalArgumentException(
          "it records no climb and no health answer; GET /recording of an admin port gives one");
    }
    read.acts().sort(Comparator.comparing(Act::at));
    return new Recording(
        read.climbs(),
        read.answers(),
        read.agents(),
        read.traffic(),
        read.failing(),
        read.tried(),
        read.acts(),
        reader.lost);
  }

  private void line(String text) {
    number++;
    try {
      JsonNode line = JSON.readTree(text);
      if (number == 1) {
        head(line);
      } else if (number > MOST_LINES) {
        throw new IllegalArgumentException("is one too many: " + MOST_LINES + " at most");
      } else {
        take(line, at(line));
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException("line " + number + " is no JSON", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
    }
  }

  private static void head(JsonNode line) {
    if (line.path("recording").asInt(0) != Lines.VERSION) {
      throw new IllegalArgumentException(
          "is not {\"recording\":" + Lines.VERSION + "}, with which recordings begin");
    }
  }

  private static Instant at(JsonNode line) {
    try {
      return Instant.parse(line.path(Lines.AT).asString(""));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("at is no moment such as 2026-01-31T12:00:00Z", e);
    }
  }

  private void take(JsonNode line, Instant at) {
    if (line.has("climb")) {
      climb(line, at);
    } else if (line.has("control")) {
      keep(ReportReader.climb(line.get("control"), "control", at, vantage(line)));
    } else if (line.has("heard")) {
      recording
          .answers()
          .computeIfAbsent(id(line, "backend"), id -> new TreeMap<>())
          .put(at, heard(line.get("heard"), at));
    } else if (line.has("to")) {
      recording.count(at, counted(line));
    } else if (line.has("tried")) {
      recording.tried().put(id(line, "tried"), Duration.ofMillis(line.path("ms").asInt(0)));
    } else if (line.has("lost")) {
      lost += line.get("lost").asInt(0);
    } else {
      act(line, at);
    }
  }

  private void climb(JsonNode line, Instant at) {
    Climb climb = ReportReader.climb(line.get("climb"), "climb", at, vantage(line));
    if (line.has("agent")) {
      Pushed pushed = new Pushed(id(line, "agent"), climb);
      recording.agents().computeIfAbsent(at, any -> new ArrayList<>()).add(pushed);
    } else {
      keep(climb);
    }
  }

  private void keep(Climb climb) {
    recording
        .climbs()
        .computeIfAbsent(climb.targetId(), id -> new TreeMap<>())
        .put(climb.at(), climb);
  }

  private static Vantage vantage(JsonNode line) {
    return word(Vantage.class, line, "vantage");
  }

  private static BackendHealth heard(JsonNode heard, Instant at) {
    List<Complaint> complaints = new ArrayList<>();
    for (JsonNode each : heard.path("complaints")) {
      complaints.add(
          new Complaint(
              each.path("component").asString(""),
              each.path("text").asString(""),
              each.path("of-dependency").asBoolean(false)));
    }
    return new BackendHealth(
        at,
        word(Reach.class, heard, "reach"),
        heard.path("status").asInt(0),
        heard.path("text").asString(""),
        complaints,
        pool(heard.path("pool")),
        text(heard, "revision"),
        text(heard, "said"),
        heard.path("ok").asBoolean(false),
        null);
  }

  private static @Nullable PoolFigures pool(JsonNode figures) {
    return figures.size() != 5
        ? null
        : new PoolFigures(
            figures.get(0).asInt(0),
            figures.get(1).asInt(0),
            figures.get(2).asInt(0),
            figures.get(3).asInt(0),
            figures.get(4).asInt(0));
  }

  private static Counted counted(JsonNode line) {
    List<String> needs = new ArrayList<>();
    line.path("needs").forEach(each -> needs.add(each.asString("")));
    Map<Ending, Integer> endings = new EnumMap<>(Ending.class);
    for (Ending ending : Ending.values()) {
      int times = line.path(ending.label()).asInt(0);
      if (times < 0) {
        throw new IllegalArgumentException(ending.label() + " is less than nothing");
      }
      if (times > 0) {
        endings.put(ending, times);
      }
    }
    return new Counted(new Flow(id(line, "to"), needs), endings, text(line, "evidence"));
  }

  private void act(JsonNode line, Instant at) {
    for (Kind kind : Kind.values()) {
      String what = text(line, kind.label());
      if (what != null) {
        String subject = text(line, "subject");
        recording.acts().add(new Act(at, kind, subject == null ? "" : subject, what));
      }
    }
  }

  private static String id(JsonNode line, String member) {
    String id = text(line, member);
    if (id == null || id.isEmpty() || id.length() > 100) {
      throw new IllegalArgumentException(member + " must be an id");
    }
    return id;
  }

  /** Without control characters, since it ends up on terminals. */
  private static @Nullable String text(JsonNode line, String member) {
    JsonNode text = line.path(member);
    return text.isString() ? text.asString().replaceAll("\\p{Cntrl}", " ") : null;
  }

  private static <E extends Enum<E>> E word(Class<E> words, JsonNode line, String member) {
    String word = line.path(member).asString("");
    try {
      return Enum.valueOf(words, word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(member + " is not understood: '" + word + "'", e);
    }
  }
}
