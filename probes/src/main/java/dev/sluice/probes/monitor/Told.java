package dev.sluice.probes.monitor;

import java.util.concurrent.TimeUnit;

/**
 * The evidence that came with a backend's failing answers.
 *
 * @param value of the latest
 * @param times in a row, none of them longer than {@link #LASTS} after the one before
 * @param last when the latest came, by the monotonic clock
 */
record Told(String value, int times, long last) {
  private static final long LASTS = TimeUnit.SECONDS.toNanos(10);

  static final Told NOTHING = new Told("", 0, 0);

  Told with(String next, long now) {
    return new Told(next, fresh(now) ? Math.min(times + 1, 1_000) : 1, now);
  }

  boolean fresh(long now) {
    return times > 0 && now - last < LASTS;
  }
}
