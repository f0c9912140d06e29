package dev.sluice.probes.history;

import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Tier;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The last hour of the way to each dependency, by tier. Fed by one thread; what came of it is read
 * on any.
 */
public final class History {
  private static final int RECENT = 5;

  private final Map<String, Map<Tier, Line>> lines = new LinkedHashMap<>();
  private final Consumer<PathFigures> begun;
  private final Map<String, List<PathFigures>> latest = new LinkedHashMap<>();
  private volatile List<PathFigures> figures = List.of();

  /**
   * @param begun told of each drift that begins
   */
  public History(Consumer<PathFigures> begun) {
    this.begun = begun;
  }

  /** One tier of one dependency. */
  private static final class Line {
    final Minutes minutes = new Minutes();
    final Drift drift = new Drift();
    long current = Long.MIN_VALUE;
    int hourP99 = -1;
    int beforeP99 = -1;
    boolean told;
  }

  /** Takes a climb of a dependency into account. */
  public void climbed(Climb climb) {
    long minute = Math.floorDiv(climb.at().getEpochSecond(), 60L);
    Map<Tier, Line> own = lines.computeIfAbsent(climb.targetId(), id -> new EnumMap<>(Tier.class));
    Sample failed = climb.failed();
    for (Tier tier : Tier.values()) {
      if (climb.samples().stream().anyMatch(sample -> sample.rung().tier() == tier)) {
        Line line = own.computeIfAbsent(tier, key -> new Line());
        turn(line, minute);
        if (failed == null || failed.rung().tier() != tier) {
          line.minutes.held(minute, millis(climb, tier));
        } else {
          line.minutes.failed(minute);
        }
      }
    }
    publish(climb.targetId(), own, minute);
  }

  private static long millis(Climb climb, Tier tier) {
    return climb.samples().stream()
        .filter(sample -> sample.rung().tier() == tier && sample.rung().ofTarget())
        .mapToLong(Sample::millis)
        .sum();
  }

  /** Ends the minutes before this one. */
  private static void turn(Line line, long minute) {
    if (line.current != Long.MIN_VALUE && minute > line.current) {
      int[] values = line.minutes.sorted(line.current, 1);
      if (values.length > 0) {
        line.drift.minute(Minutes.quantile(values, .5));
      }
      look(line, minute - 1);
    }
    line.current = Math.max(line.current, minute);
  }

  /** Looks at the whole hour up to this minute, which is worth it once a minute. */
  private static void look(Line line, long last) {
    int drifting = Math.min(Minutes.KEPT - 1, line.drift.since());
    int[] before = line.minutes.sorted(last - drifting, Minutes.KEPT - drifting);
    line.hourP99 = Minutes.quantile(line.minutes.sorted(last, Minutes.KEPT), .99);
    line.beforeP99 = Minutes.quantile(before, .99);
  }

  private void publish(String subject, Map<Tier, Line> own, long minute) {
    List<PathFigures> now = new ArrayList<>();
    own.forEach((tier, line) -> now.add(of(subject, tier, line, minute)));
    latest.put(subject, now);
    figures = latest.values().stream().flatMap(List::stream).toList();
    for (PathFigures each : now) {
      Line line = own.get(each.tier());
      boolean news = line != null && each.degrading() && !line.told;
      if (line != null) {
        line.told = each.degrading();
      }
      if (news) {
        begun.accept(each);
      }
    }
  }

  private static PathFigures of(String subject, Tier tier, Line line, long minute) {
    int[] recent = line.minutes.sorted(minute, RECENT);
    int held = line.minutes.held(minute);
    int climbs = held + line.minutes.failures(minute);
    return new PathFigures(
        subject,
        tier,
        Minutes.quantile(recent, .5),
        Minutes.quantile(recent, .99),
        line.hourP99,
        climbs == 0 ? 1 : (double) held / climbs,
        line.beforeP99,
        line.drift.since());
  }

  /** How each tier of each dependency was lately. */
  public List<PathFigures> figures() {
    return figures;
  }

  /** Forgets all dependencies but these; called where climbs are told. */
  public void keep(Set<String> subjects) {
    lines.keySet().retainAll(subjects);
    latest.keySet().retainAll(subjects);
    figures = latest.values().stream().flatMap(List::stream).toList();
  }
}
