package dev.sluice.probes.validation;

import java.util.List;
import java.util.Locale;

/** Quantiles of durations in ascending order, by the nearest rank. Pure. */
public final class Quantiles {
  private Quantiles() {}

  /**
   * The value that this share is not above.
   *
   * @param share from 0 to 1
   * @return NaN of nothing
   */
  public static double of(List<Double> ascending, double share) {
    if (ascending.isEmpty()) {
      return Double.NaN;
    }
    int rank = (int) Math.ceil(share * ascending.size());
    return ascending.get(Math.min(ascending.size(), Math.max(1, rank)) - 1);
  }

  /** Such as {@code p50 1.2, p95 3.4, p99 5.6 ms}. */
  public static String sentence(List<Double> ascending) {
    return String.format(
        Locale.ROOT,
        "p50 %.1f, p95 %.1f, p99 %.1f ms",
        of(ascending, .5),
        of(ascending, .95),
        of(ascending, .99));
  }
}
