package dev.sluice.demo.lab;

import dev.sluice.probes.verdict.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The result of the lab for people. Pure. */
final class Report {
  private final Score score;
  private final List<Bar> bars;

  Report(Score score, List<Bar> bars) {
    this.score = score;
    this.bars = bars;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("True cause (rows) against what was said in the end (columns)");
    lines.addAll(matrix());
    lines.add("");
    lines.add("%-28s %6s %6s %6s".formatted("fault", "rounds", "cause", "detail"));
    for (Score.Tally t : score.tallies()) {
      lines.add("%-28s %6d %6d %6d".formatted(t.fault(), t.rounds(), t.causes(), t.details()));
    }
    lines.add("");
    lines.addAll(times());
    lines.add("");
    bars.forEach(bar -> lines.add(bar.toString()));
    return lines;
  }

  private List<String> matrix() {
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder("%-16s".formatted(""));
    for (Cause said : Cause.values()) {
      head.append("%16s".formatted(said));
    }
    lines.add(head.toString());
    for (Map.Entry<Cause, Map<Cause, Integer>> row : score.confusion().entrySet()) {
      StringBuilder line = new StringBuilder("%-16s".formatted(row.getKey()));
      for (Cause said : Cause.values()) {
        line.append("%16d".formatted(row.getValue().getOrDefault(said, 0)));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private List<String> times() {
    return List.of(
        seconds("time to the verdict, idle", false), seconds("time to the verdict, traffic", true));
  }

  private String seconds(String name, boolean loaded) {
    return String.format(
        Locale.ROOT,
        "%s: p50 %.1f s, p95 %.1f s",
        name,
        score.verdictAfter(loaded, .5),
        score.verdictAfter(loaded, .95));
  }
}
