package dev.sluice.probes.history;

import dev.sluice.probes.verdict.Tier;
import java.util.Locale;

/**
 * How one tier of the way to a dependency was lately. Durations are milliseconds of climbs in which
 * the tier held; -1 where there was none.
 *
 * @param p50 median of the last five minutes
 * @param p99 99th percentile of the last five minutes
 * @param hourP99 99th percentile of the hour before this minute
 * @param success share of the last hour's climbs in which the tier held, from 0 to 1
 * @param before 99th percentile of the last hour's minutes before the drift
 * @param drifting for how many minutes it has been unusually slow; 0 while it is not
 */
public record PathFigures(
    String subject,
    Tier tier,
    long p50,
    long p99,
    long hourP99,
    double success,
    long before,
    int drifting) {
  /** Whether it gets worse, which is worth a word before it fails. */
  public boolean degrading() {
    return drifting > 0;
  }

  /** Such as {@code degrading: p99 connect 40 ms -> 900 ms in 6 min}. */
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "degrading: p99 %s %,d ms -> %,d ms in %d min",
        tier.name().toLowerCase(Locale.ROOT),
        before,
        p99,
        drifting);
  }
}
