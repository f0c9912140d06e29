package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.config.Enforcement;
import dev.sluice.gateway.health.Json;
import dev.sluice.gateway.health.Words;
import dev.sluice.gateway.recording.Act;
import dev.sluice.gateway.recording.Comparison.Pair;
import dev.sluice.gateway.recording.Recording;
import dev.sluice.gateway.recording.Rerun;
import dev.sluice.gateway.recording.Sums;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What came of a recording under other settings, for people and for programs. Pure. */
final class ReplayReport {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.S", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String ROW = "%-12s %-12s %-16s %s%n";

  private final Configuration configuration;
  private final Recording recording;
  private final Rerun.Result result;
  private final List<Pair> pairs;

  ReplayReport(
      Configuration configuration, Recording recording, Rerun.Result result, List<Pair> pairs) {
    this.configuration = configuration;
    this.recording = recording;
    this.result = result;
    this.pairs = pairs;
  }

  String text() {
    StringBuilder out = new StringBuilder(4096);
    Duration length = Duration.between(recording.from(), recording.to());
    out.append(
        "Recorded from %s to %s UTC (%s), %s%n%n"
            .formatted(
                clock(recording.from()),
                clock(recording.to()),
                Words.of(length),
                recording.from().atZone(ZoneOffset.UTC).toLocalDate()));
    out.append(ROW.formatted("recorded", "replayed", "", ""));
    pairs.forEach(
        pair ->
            out.append(
                ROW.formatted(
                    moment(pair.recorded()), moment(pair.replayed()), apart(pair), pair.act())));
    if (pairs.isEmpty()) {
      out.append("Nothing was done, neither then nor now.\n");
    }
    out.append('\n').append(sums("recorded", recording.sums()));
    out.append(sums("replayed", result.sums()));
    notes().forEach(note -> out.append("\nNote: ").append(note));
    return out.toString().stripTrailing();
  }

  private static String sums(String when, Sums sums) {
    return "%s: %d requests answered below 500, %d failed, %d kept from their backends%n"
        .formatted(when, sums.held(), sums.failed(), sums.kept());
  }

  private static String moment(@Nullable Act act) {
    return act == null ? "-" : clock(act.at());
  }

  private static String clock(Instant at) {
    return CLOCK.format(at);
  }

  private static String apart(Pair pair) {
    Act recorded = pair.recorded();
    Act replayed = pair.replayed();
    if (recorded == null) {
      return "only replayed";
    }
    if (replayed == null) {
      return "only recorded";
    }
    Duration later = Duration.between(recorded.at(), replayed.at());
    double seconds = later.toMillis() / 1000.0;
    return Math.abs(seconds) < 1
        ? "same second"
        : "%.1f s %s".formatted(Math.abs(seconds), seconds > 0 ? "later" : "sooner");
  }

  /** What one should know before one believes it. */
  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    TreeSet<String> known =
        Stream.concat(
                configuration.dependencies().stream().map(Dependency::id),
                configuration.controls().stream().map(Control::id))
            .collect(Collectors.toCollection(TreeSet::new));
    TreeSet<String> unseen = new TreeSet<>(known);
    unseen.removeAll(recording.climbs().keySet());
    note(notes, unseen, "nothing is recorded of %s: what they do is not known");
    TreeSet<String> left = new TreeSet<>(recording.climbs().keySet());
    left.removeAll(known);
    note(notes, left, "the route files do not name %s: what was seen of them is left out");
    if (recording.sums().kept() > 0) {
      notes.add(
          "how requests would have ended that were kept from their backends is not recorded: "
              + "they are taken to fail while a climb to what they need does.");
    }
    if (recording.lost() > 0) {
      notes.add(recording.lost() + " lines came too fast to be recorded.");
    }
    if (configuration.mode() == Enforcement.OBSERVE) {
      notes.add("mode is observe: what is kept here would have been sent all the same.");
    }
    return notes;
  }

  private static void note(List<String> notes, Set<String> ids, String text) {
    if (!ids.isEmpty()) {
      notes.add(text.formatted(String.join(", ", ids)) + ".");
    }
  }

  String json() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("from", recording.from().toString());
    out.put("to", recording.to().toString());
    out.put("acts", pairs.stream().map(ReplayReport::json).toList());
    out.put("recorded", json(recording.sums()));
    out.put("replayed", json(result.sums()));
    out.put("notes", notes());
    return Json.pretty(out);
  }

  private static Map<String, Object> json(Pair pair) {
    Map<String, Object> out = new LinkedHashMap<>();
    Act act = pair.act();
    out.put("kind", act.kind().label());
    out.put("subject", act.subject());
    out.put("what", act.what());
    Act recorded = pair.recorded();
    Act replayed = pair.replayed();
    if (recorded != null) {
      out.put("recorded", recorded.at().toString());
    }
    if (replayed != null) {
      out.put("replayed", replayed.at().toString());
    }
    return out;
  }

  private static Map<String, Object> json(Sums sums) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("answered", sums.held());
    out.put("failed", sums.failed());
    out.put("kept", sums.kept());
    return out;
  }
}
