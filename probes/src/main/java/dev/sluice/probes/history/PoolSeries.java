package dev.sluice.probes.history;

import java.util.Locale;

/**
 * How one backend's connection pool was lately; connections and callers, -1 where nothing was told.
 *
 * @param p50 connections in use, median of the last five minutes
 * @param p99 the same, 99th percentile
 * @param hourP99 the same of the last hour
 * @param waiting callers that waited for one, 99th percentile of the last five minutes
 * @param max how many connections it may hold, by its last word
 */
public record PoolSeries(String backend, int p50, int p99, int hourP99, int waiting, int max) {
  private static final double NEARLY = .8;

  /** Nearly all of it is in use most of the time: the next wave finds none. */
  public boolean degrading() {
    return max > 0 && p50 >= NEARLY * max;
  }

  /** Such as {@code degrading: 9 of 10 pooled connections in use, median of 5 min}. */
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "degrading: %d of %d pooled connections in use, median of 5 min, up to %d callers wait",
        p50,
        max,
        waiting);
  }
}
