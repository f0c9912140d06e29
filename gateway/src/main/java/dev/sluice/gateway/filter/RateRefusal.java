package dev.sluice.gateway.filter;

import dev.sluice.config.RateLimit;

/**
 * What a client is told that has sent too much.
 *
 * @param seconds until a token is there, rounded up
 * @param policy the field RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10, section 3):
 *     the quota {@code q} comes back evenly over {@code w} seconds
 * @param state the field RateLimit (the same, section 4): {@code r} requests are left, and more are
 *     to be had in {@code t} seconds
 */
public record RateRefusal(long seconds, String policy, String state) {
  private static final String NAME = "\"default\"";

  static RateRefusal of(RateLimit limit, long waitNanos) {
    long seconds = ceil(waitNanos, 1_000_000_000L);
    long window = ceil(limit.per().toMillis(), 1000);
    long quota = limit.requests() * 1000L * window / limit.per().toMillis();
    return new RateRefusal(
        seconds, NAME + ";q=" + quota + ";w=" + window, NAME + ";r=0;t=" + seconds);
  }

  private static long ceil(long amount, long unit) {
    return Math.max(1, (amount + unit - 1) / unit);
  }
}
