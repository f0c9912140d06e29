package dev.sluice.probes.breaker;

import java.util.concurrent.TimeUnit;

/**
 * How much longer than usual a target has to prove itself: twice for each time that it failed again
 * within a minute of its return, four times at most; as usual again after ten quiet minutes.
 *
 * @param factor 1, 2 or 4
 * @param closedAt when the breaker last closed, in nanoseconds
 */
record Dwell(int factor, long closedAt) {
  private static final int MOST = 4;
  private static final long SOON = TimeUnit.MINUTES.toNanos(1);
  private static final long QUIET = TimeUnit.MINUTES.toNanos(10);

  static Dwell usual(long now) {
    return new Dwell(1, now - QUIET);
  }

  /** After a move from one stage to another. */
  Dwell after(Stage from, Stage to, long now) {
    if (to == Stage.CLOSED) {
      return new Dwell(factor, now);
    }
    if (to != Stage.OPEN) {
      return this;
    }
    long calm = from == Stage.CLOSED ? now - closedAt : 0;
    int next = calm >= QUIET ? 1 : calm < SOON ? Math.min(MOST, 2 * factor) : factor;
    return new Dwell(next, closedAt);
  }
}
