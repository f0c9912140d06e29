package dev.sluice.demo.lab;

import dev.sluice.demo.lab.Fault.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One demand on the verdicts.
 *
 * @param value NaN where the rounds did not measure it, which breaks nothing
 * @param least true when the limit is a lower one
 */
record Bar(String name, double value, double limit, boolean least) {
  /**
   * All of them.
   *
   * @param alarms false ones of a calm hour
   */
  static List<Bar> of(Score score, List<String> alarms) {
    List<Bar> bars = new ArrayList<>();
    bars.add(least("cause right, share of all rounds", score.causeShare(), .98));
    bars.add(least("cause right, the worst fault", worst(score, Score.Tally::causeShare), .9));
    bars.add(least("detail right, share of all rounds", score.detailShare(), .92));
    bars.add(least("detail right, the worst fault", worst(score, Score.Tally::detailShare), .8));
    bars.add(most("rounds that blamed the wrong side with .8", score.wronged(), 0));
    bars.add(most("calibration error", score.calibrationError(), .05));
    bars.add(most("seconds to the verdict, idle, p95", score.verdictAfter(false, .95), 12));
    bars.add(most("seconds to the verdict, with traffic, p95", score.verdictAfter(true, .95), 6));
    bars.add(most("false alarms in a calm hour", alarms.size(), 0));
    bars.addAll(breakers(score));
    bars.addAll(recovery(score));
    return bars;
  }

  private static List<Bar> breakers(Score score) {
    return List.of(
        most(
            "seconds to an open breaker, idle, the longest",
            score.quantile(o -> opens(o) && !o.loaded(), Outcome::opened, 1),
            15),
        most(
            "longest wait before it opens, ms",
            score.quantile(Bar::opens, o -> o.waits().longestBefore(), 1),
            3_000),
        most(
            "p99 of waits after it, ms, median of the rounds",
            score.quantile(Bar::opens, o -> o.waits().p99After(), .5),
            20),
        most(
            "requests that failed by the gateway's own view",
            score.quantile(Bar::ownView, o -> o.waits().failed(), 1),
            0));
  }

  private static List<Bar> recovery(Score score) {
    return List.of(
        most(
            "seconds to notice the repair, p95",
            score.quantile(Bar::opens, o -> o.back().noticed(), .95),
            3),
        most(
            "seconds to the first trial, p95",
            score.quantile(Bar::opens, o -> o.back().tried(), .95),
            6),
        most(
            "seconds to full traffic, the longest",
            score.quantile(Bar::opens, o -> o.back().whole(), 1),
            60));
  }

  private static boolean opens(Outcome outcome) {
    return outcome.held() && outcome.fault().is(Trait.OPENS);
  }

  private static boolean ownView(Outcome outcome) {
    return outcome.held() && outcome.fault().id().startsWith("gateway-way-");
  }

  private static double worst(Score score, java.util.function.ToDoubleFunction<Score.Tally> share) {
    return score.tallies().stream().mapToDouble(share).min().orElse(Double.NaN);
  }

  private static Bar least(String name, double value, double limit) {
    return new Bar(name, value, limit, true);
  }

  private static Bar most(String name, double value, double limit) {
    return new Bar(name, value, limit, false);
  }

  boolean measured() {
    return !Double.isNaN(value);
  }

  boolean holds() {
    return !measured() || (least ? value >= limit : value <= limit);
  }

  @Override
  public String toString() {
    String word = !measured() ? "not measured" : holds() ? "holds" : "BROKEN";
    String figure = measured() ? String.format(Locale.ROOT, "%.3f", value) : "-";
    return String.format(
        Locale.ROOT, "%-52s %9s  %s %.2f  %s", name, figure, least ? ">=" : "<=", limit, word);
  }
}
