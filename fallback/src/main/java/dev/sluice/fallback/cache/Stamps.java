package dev.sluice.fallback.cache;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often something of a target was made void. Targets share the counters, so that now and then
 * one seems void that is not.
 */
final class Stamps {
  private static final int SLOTS = 4096;

  private final AtomicLongArray counts = new AtomicLongArray(SLOTS);

  static int slot(String host, String target) {
    return Math.floorMod((31 * host.hashCode() + target.hashCode()) * 0x9E3779B9, SLOTS);
  }

  long of(CopyKey key) {
    return counts.get(slot(key.host(), key.target()));
  }

  void count(CopyKey key) {
    counts.incrementAndGet(slot(key.host(), key.target()));
  }

  Moment moment() {
    long[] now = new long[SLOTS];
    for (int slot = 0; slot < SLOTS; slot++) {
      now[slot] = counts.get(slot);
    }
    return new Moment(now);
  }
}
