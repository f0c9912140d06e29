package dev.sluice.probes.breaker;

import dev.sluice.probes.mode.BreakerState;

/** Told of every move of a breaker, on the thread that moved it; must not block. */
@FunctionalInterface
public interface BreakerListener {
  void moved(String id, BreakerState from, BreakerState to);
}
