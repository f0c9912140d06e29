package dev.sluice.gateway.filter;

import com.netflix.concurrency.limits.limit.Gradient2Limit;
import dev.sluice.config.Backend.Concurrency;
import dev.sluice.gateway.filter.Samples.Window;

/**
 * How many requests a backend takes at once, found out from its latency, a tick of 100 ms at a
 * time. Belongs to the thread that ticks.
 *
 * <p>Latency moves a gradient: while the mean of a tick stays within one and a half times the mean
 * of an hour the limit grows, by a fifth of its square root; beyond, it shrinks by a tenth at most.
 * A backend that is sent less than half of what it may be sent moves nothing.
 *
 * <p>The long memory keeps an overload that lasts from passing for normal. A backend that has
 * become slower for other reasons shows it: three seconds at the least limit have not made it any
 * faster. Then the memory begins anew, and the limit grows from there.
 *
 * <p>Drops never reach the gradient, whose memory is long: they pull a brake that is let go within
 * two seconds of the last of them.
 */
final class AdaptiveLimit {
  private static final int LONG_TERM_TICKS = 36_000;
  private static final int PROVEN_TICKS = 30;
  private static final int FIRST = 5;
  private static final int GROWTH = 4;
  private static final double DROP_SHARE = .1;
  private static final double PULL = .9;
  private static final double LET_GO = .05;
  private static final double LEAST_BRAKE = .1;

  private final Concurrency settings;
  private Gradient2Limit gradient;
  private int atLeast;
  private double brake = 1;

  AdaptiveLimit(Concurrency settings) {
    this.settings = settings;
    this.gradient = beginning(bounded(FIRST * (double) settings.least()));
  }

  private Gradient2Limit beginning(int limit) {
    return Gradient2Limit.newBuilder()
        .initialLimit(limit)
        .minLimit(settings.least())
        .maxConcurrency(settings.most())
        .longWindow(LONG_TERM_TICKS)
        .queueSizeFunction(now -> Math.max(GROWTH, (int) Math.sqrt(now)))
        .build();
  }

  /** The limit now. */
  int limit() {
    return bounded(gradient.getLimit() * brake);
  }

  /** Learns from a tick; the limit from now on. */
  int learn(Window seen) {
    if (seen.answers() > 0) {
      gradient.onSample(0, seen.meanNanos(), seen.meanInFlight(), false);
      doubt(seen.meanInFlight());
    }
    long ends = seen.answers() + seen.drops();
    boolean dropping = seen.drops() > 0 && seen.drops() >= ends * DROP_SHARE;
    brake = dropping ? Math.max(LEAST_BRAKE, brake * PULL) : Math.min(1, brake + LET_GO);
    return limit();
  }

  /**
   * As low as the gradient goes, which is twice its growth at least, with that much to do and for
   * that long: the latency is the backend's own.
   */
  private void doubt(int inFlight) {
    int limit = gradient.getLimit();
    boolean pressed = limit <= Math.max(settings.least(), 2 * GROWTH) && 2 * inFlight >= limit;
    atLeast = pressed ? atLeast + 1 : 0;
    if (atLeast == PROVEN_TICKS) {
      atLeast = 0;
      gradient = beginning(limit);
    }
  }

  private int bounded(double limit) {
    return (int) Math.max(settings.least(), Math.min(settings.most(), limit));
  }
}
