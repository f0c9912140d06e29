package dev.sluice.probes.breaker;

/** Told of every move of a breaker, on the thread that moved it; must not block. */
@FunctionalInterface
public interface BreakerListener {
  void moved(Move move);
}
