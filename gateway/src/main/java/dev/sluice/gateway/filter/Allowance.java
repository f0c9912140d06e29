package dev.sluice.gateway.filter;

import dev.sluice.config.RateLimit;

/**
 * What one client may do under a route's rate limit. Pure.
 *
 * <p>A token bucket is kept as one number: the moment at which it will be full again (the
 * theoretical arrival time of the generic cell rate algorithm, ITU-T I.371). A request moves it on
 * by one interval; it may not lie further ahead than a whole burst.
 *
 * @param interval nanoseconds that a token takes to come back
 * @param burst tokens that a bucket holds
 */
record Allowance(long interval, long burst) {
  private static final long FAR = Long.MAX_VALUE / 4;

  static Allowance of(RateLimit limit) {
    return new Allowance(Math.max(1, limit.per().toNanos() / limit.requests()), limit.burst());
  }

  /** How far ahead a bucket may be full again. */
  long depth() {
    return interval >= FAR / burst ? FAR : interval * burst;
  }

  /** When the bucket is full again after one more request. */
  long next(long fullAt, long now) {
    return Math.max(fullAt, now) + Math.min(interval, FAR);
  }

  /** Whether a request that would leave the bucket so may pass. */
  boolean allows(long next, long now) {
    return next - now <= depth();
  }

  /** Nanoseconds until a request would pass that does not now. */
  long wait(long next, long now) {
    return next - now - depth();
  }
}
