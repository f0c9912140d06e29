package dev.sluice.gateway.proxy;

import dev.sluice.config.Listen;
import dev.sluice.gateway.filter.ClientKey;
import dev.sluice.gateway.filter.LimitListener;
import dev.sluice.gateway.filter.Limits;
import dev.sluice.gateway.filter.RateLimits;
import java.util.function.LongSupplier;

/**
 * What protects the gateway and its backends from too many requests. Safe from any thread, save
 * {@link #tick}.
 */
public final class Overload {
  private final Limits limits = new Limits();
  private final RateLimits rates;
  private final MemoryGuard memory;

  Overload(Listen listen, LongSupplier nanos) {
    rates = new RateLimits(ClientKey.secret(), nanos.getAsLong());
    memory = MemoryGuard.of(listen.maxMemory());
  }

  /** How many requests each backend is sent at once. */
  public Limits limits() {
    return limits;
  }

  /** How much memory the buffers of all connections take. */
  public MemoryGuard memory() {
    return memory;
  }

  RateLimits rates() {
    return rates;
  }

  /**
   * Looks at what was seen since the last tick. To be called ten times a second, from one thread
   * that is no event loop.
   *
   * @param off every protection is switched off
   */
  public void tick(boolean off, LimitListener listener) {
    memory.look();
    limits.tick(off, listener);
  }
}
