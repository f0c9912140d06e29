package dev.sluice.gateway.filter;

import dev.sluice.config.RateLimit;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * How many requests each client may send by each route. Safe from any thread; memory is fixed (see
 * {@link RateTable}).
 */
public final class RateLimits {
  private final RateTable buckets = new RateTable();
  private final ClientKey keys;
  private final long beginning;

  /**
   * @param now of the monotonic clock that {@link #refusal} is asked with, in nanoseconds
   */
  public RateLimits(ClientKey keys, long now) {
    this.keys = keys;
    this.beginning = now - 1;
  }

  /**
   * Takes a token of this client.
   *
   * @param name the value of the header that tells clients apart; null: the address does
   * @return null where the request may pass
   */
  public @Nullable RateRefusal refusal(
      String routeId, RateLimit limit, @Nullable String name, InetAddress address, long now) {
    long key = name == null ? keys.of(routeId, address) : keys.of(routeId, name);
    long wait = buckets.take(key, Allowance.of(limit), now - beginning);
    return wait == 0 ? null : RateRefusal.of(limit, wait);
  }
}
