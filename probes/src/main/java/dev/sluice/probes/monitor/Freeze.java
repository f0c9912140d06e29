package dev.sluice.probes.monitor;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Tells when this process stood still: a tick of one second that comes three seconds late. */
final class Freeze {
  private static final long LATE = TimeUnit.SECONDS.toNanos(4);

  private static final long LATELY = TimeUnit.MINUTES.toNanos(10);
  private static final int OFTEN = 2;

  private final LongSupplier nanos;
  private long lastTick;
  private long lastFrozen;
  private long frozenBefore;
  private int times;

  Freeze(LongSupplier nanos) {
    this.nanos = nanos;
    this.lastTick = nanos.getAsLong();
  }

  synchronized void tick() {
    long now = nanos.getAsLong();
    if (now - lastTick > LATE) {
      frozenBefore = lastFrozen;
      lastFrozen = now;
      times = Math.min(times + 1, OFTEN);
    }
    lastTick = now;
  }

  /** True when what began then was measured by a clock that ran while the process did not. */
  synchronized boolean during(long begun) {
    boolean late = nanos.getAsLong() - lastTick > LATE;
    return late || (times > 0 && lastFrozen - begun > 0);
  }

  /** True when it has stood still more than once lately: it runs only while requests are here. */
  synchronized boolean often() {
    return times >= OFTEN && nanos.getAsLong() - frozenBefore < LATELY;
  }
}
