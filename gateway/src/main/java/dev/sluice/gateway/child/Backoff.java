package dev.sluice.gateway.child;

import java.time.Duration;

/**
 * How long a process that has ended is left alone: a second at first, twice as long after each end,
 * a minute at most. One that has run for a minute begins anew.
 *
 * @param ends in a row, each after less than a minute
 */
record Backoff(int ends) {
  static final Backoff NONE = new Backoff(0);

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofMinutes(1);
  private static final Duration LASTING = Duration.ofMinutes(1);
  private static final int DOUBLINGS = 6;

  /** After another end. */
  Backoff after(Duration ran) {
    return new Backoff(ran.compareTo(LASTING) < 0 ? ends + 1 : 1);
  }

  /** Before the next start. */
  Duration pause() {
    Duration doubled = FIRST.multipliedBy(1L << Math.min(DOUBLINGS, Math.max(0, ends - 1)));
    return doubled.compareTo(MOST) < 0 ? doubled : MOST;
  }
}
