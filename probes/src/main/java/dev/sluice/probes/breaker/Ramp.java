package dev.sluice.probes.breaker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much traffic a target is given that has just come back: 1, 3, 10, then 30 % of the requests,
 * a quarter of the time each, and ten a second over all gateways in any case, so that a quiet
 * service is whole at once. A database with cold caches would not survive all of its clients in one
 * moment.
 */
final class Ramp {
  private static final double[] SHARES = {.01, .03, .1, .3};
  private static final long ANYWAY = TimeUnit.MILLISECONDS.toNanos(100);

  private final long since;
  private final long length;
  private final long anyway;
  private final AtomicLong next;

  Ramp(long since, Duration length, int gateways) {
    this.anyway = ANYWAY * gateways;
    this.since = since;
    this.length = length.toNanos();
    this.next = new AtomicLong(since);
  }

  /** The share that passes now, from .01 to 1. */
  double share(long now) {
    return over(now) ? 1 : SHARES[(int) ((now - since) * SHARES.length / length)];
  }

  boolean over(long now) {
    return now - since >= length;
  }

  /**
   * Whether one request passes.
   *
   * @param luck drawn once for each request, evenly from 0 to 1, so that several targets that come
   *     back together let the same requests through
   */
  boolean admits(long now, double luck) {
    return luck < share(now) || anyway(now);
  }

  private boolean anyway(long now) {
    long due = next.get();
    return now - due >= 0 && next.compareAndSet(due, now + anyway);
  }
}
