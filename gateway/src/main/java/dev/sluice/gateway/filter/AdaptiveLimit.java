package dev.sluice.gateway.filter;

import com.netflix.concurrency.limits.limit.Gradient2Limit;
import dev.sluice.config.Backend.Concurrency;
import dev.sluice.gateway.filter.Samples.Window;

/**
 * How many requests a backend takes at once, found out from its latency, a tick of 100 ms at a
 * time. Belongs to the thread that ticks.
 *
 * <p>Latency moves a gradient: while the mean of a tick stays within one and a half times the mean
 * of five minutes the limit grows, by its square root; beyond it shrinks, by half at most and a
 * fifth of that a tick. A backend that is sent less than half of what it may be sent moves nothing.
 *
 * <p>Drops never reach the gradient, whose memory is long: they pull a brake that is let go within
 * two seconds of the last of them.
 */
final class AdaptiveLimit {
  private static final int LONG_TERM_TICKS = 3000;
  private static final int FIRST = 5;
  private static final double DROP_SHARE = .1;
  private static final double PULL = .9;
  private static final double LET_GO = .05;
  private static final double LEAST_BRAKE = .1;

  private final Concurrency settings;
  private final Gradient2Limit gradient;
  private double brake = 1;

  AdaptiveLimit(Concurrency settings) {
    this.settings = settings;
    this.gradient =
        Gradient2Limit.newBuilder()
            .initialLimit(bounded(FIRST * (double) settings.least()))
            .minLimit(settings.least())
            .maxConcurrency(settings.most())
            .longWindow(LONG_TERM_TICKS)
            .queueSizeFunction(limit -> Math.max(4, (int) Math.sqrt(limit)))
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
    }
    long ends = seen.answers() + seen.drops();
    boolean dropping = seen.drops() > 0 && seen.drops() >= ends * DROP_SHARE;
    brake = dropping ? Math.max(LEAST_BRAKE, brake * PULL) : Math.min(1, brake + LET_GO);
    return limit();
  }

  private int bounded(double limit) {
    return (int) Math.max(settings.least(), Math.min(settings.most(), limit));
  }
}
