package dev.sluice.probes.monitor;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Tells when this process stood still: a tick of one second that comes three seconds late. */
final class Freeze {
  private static final long LATE = TimeUnit.SECONDS.toNanos(4);

  private final LongSupplier nanos;
  private long lastTick;
  private long lastFrozen;
  private boolean ever;

  Freeze(LongSupplier nanos) {
    this.nanos = nanos;
    this.lastTick = nanos.getAsLong();
  }

  synchronized void tick() {
    long now = nanos.getAsLong();
    if (now - lastTick > LATE) {
      lastFrozen = now;
      ever = true;
    }
    lastTick = now;
  }

  /** True when what began then was measured by a clock that ran while the process did not. */
  synchronized boolean during(long begun) {
    boolean late = nanos.getAsLong() - lastTick > LATE;
    return late || (ever && lastFrozen - begun > 0);
  }
}
