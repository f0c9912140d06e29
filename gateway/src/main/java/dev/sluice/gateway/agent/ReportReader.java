package dev.sluice.gateway.agent;

import dev.sluice.probes.monitor.AgentReport;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Sessions;
import dev.sluice.probes.verdict.Vantage;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a report that came over the network. Nothing in it is believed beyond its form: the vantage
 * and the time are the reader's, texts and numbers are bounded. Pure.
 */
public final class ReportReader {
  /** The longest report, in bytes. */
  public static final int MOST_BYTES = 64 * 1024;

  private static final int MOST_CLIMBS = 64;
  private static final int MOST_SAMPLES = 20;
  private static final int MOST_CAUSES = 8;
  private static final int LONGEST = 300;
  private static final long LONGEST_MILLIS = 600_000;
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build())
                  .build())
          .build();

  private ReportReader() {}

  /**
   * Reads one report.
   *
   * @param now when it came
   * @throws IllegalArgumentException naming the place in it that is wrong
   */
  public static AgentReport read(byte[] json, Instant now) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("it is no JSON", e);
    }
    return report(root, now);
  }

  private static AgentReport report(JsonNode root, Instant now) {
    List<Climb> climbs = new ArrayList<>();
    int at = 0;
    for (JsonNode climb : list(root, "climbs", "climbs", MOST_CLIMBS)) {
      climbs.add(climb(climb, "climbs[" + at++ + "]", now, Vantage.AGENT));
    }
    return new AgentReport(name(root, "agent", "agent"), climbs);
  }

  /**
   * Reads one climb.
   *
   * @param place of it in the whole
   * @throws IllegalArgumentException naming the place in it that is wrong
   */
  public static Climb climb(JsonNode climb, String place, Instant now, Vantage vantage) {
    String target = name(climb, "target", place + ".target");
    List<Sample> samples = new ArrayList<>();
    int at = 0;
    for (JsonNode sample : list(climb, "samples", place + ".samples", MOST_SAMPLES)) {
      samples.add(sample(sample, target, vantage, place + ".samples[" + at++ + "]"));
    }
    if (samples.isEmpty()) {
      throw wrong(place + ".samples", "has none");
    }
    return new Climb(target, now, vantage, samples, sessions(climb, place + ".sessions"));
  }

  private static Sample sample(JsonNode sample, String target, Vantage vantage, String place) {
    boolean ok = flag(sample, "ok", place + ".ok");
    String state = text(sample, "sqlstate");
    return new Sample(
        target,
        rung(sample, place + ".rung"),
        vantage,
        ok,
        number(sample, "millis", place + ".millis"),
        text(sample, "exception"),
        causes(sample),
        state != null && state.matches("[0-9A-Z]{5}") ? state : null,
        sample.path("synthetic").asBoolean(false),
        text(sample, "message"),
        text(sample, "signal"),
        moment(sample, "certificate-ends", place + ".certificate-ends"));
  }

  private static @Nullable Instant moment(JsonNode node, String key, String place) {
    String text = text(node, key);
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw wrong(place, "is no moment such as 2026-01-31T12:00:00Z");
    }
  }

  private static Rung rung(JsonNode sample, String place) {
    String word = String.valueOf(text(sample, "rung"));
    try {
      return Rung.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw wrong(place, "is no rung");
    }
  }

  private static List<String> causes(JsonNode sample) {
    List<String> causes = new ArrayList<>();
    for (JsonNode cause : sample.path("causes")) {
      if (causes.size() < MOST_CAUSES && cause.isString()) {
        causes.add(bounded(cause.asString()));
      }
    }
    return causes;
  }

  private static @Nullable Sessions sessions(JsonNode climb, String place) {
    JsonNode held = climb.path("sessions");
    return !held.isObject()
        ? null
        : new Sessions(
            (int) number(held, "slots", place + ".slots"),
            (int) number(held, "application", place + ".application"),
            (int) number(held, "probes", place + ".probes"),
            (int) number(held, "others", place + ".others"),
            String.valueOf(text(held, "largest")),
            held.has("left") ? (int) number(held, "left", place + ".left") : Sessions.UNLIMITED);
  }

  private static JsonNode list(JsonNode of, String member, String place, int most) {
    JsonNode list = of.path(member);
    if (!list.isArray()) {
      throw wrong(place, "must be a list");
    }
    if (list.size() > most) {
      throw wrong(place, "has more than " + most);
    }
    return list;
  }

  private static String name(JsonNode of, String member, String place) {
    String name = text(of, member);
    if (name == null || !name.matches(NAME)) {
      throw wrong(place, "must be a name of letters, digits, '.', '_' and '-', at most 63");
    }
    return name;
  }

  private static boolean flag(JsonNode of, String member, String place) {
    JsonNode flag = of.path(member);
    if (!flag.isBoolean()) {
      throw wrong(place, "must be true or false");
    }
    return flag.asBoolean();
  }

  private static long number(JsonNode of, String member, String place) {
    JsonNode number = of.path(member);
    boolean whole = number.isIntegralNumber() && number.canConvertToLong();
    if (!whole || number.asLong() < 0 || number.asLong() > LONGEST_MILLIS) {
      throw wrong(place, "must be a whole number from 0 to " + LONGEST_MILLIS);
    }
    return number.asLong();
  }

  /** Without control characters, since it ends up in logs and on pages. */
  private static @Nullable String text(JsonNode of, String member) {
    JsonNode text = of.path(member);
    return text.isString() ? bounded(text.asString()) : null;
  }

  private static String bounded(String text) {
    String kept = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    return kept.replaceAll("\\p{Cntrl}", " ");
  }

  private static IllegalArgumentException wrong(String place, String what) {
    return new IllegalArgumentException(place + " " + what);
  }
}
