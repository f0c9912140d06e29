package dev.sluice.probes.breaker;

import dev.sluice.probes.mode.BreakerState;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One stay in one state, with counters of its own. A permit settles with the phase that gave it, so
 * that a late outcome never counts in a later phase and no slot is lost.
 */
final class Phase {
  final BreakerState state;
  final long since;
  final AtomicInteger goodClimbs = new AtomicInteger();
  private final CircuitBreaker counter;
  private volatile long lastTrial;

  Phase(BreakerState state, long since, CircuitBreaker counter) {
    this.state = state;
    this.since = since;
    this.counter = counter;
    this.lastTrial = since;
  }

  /** Takes a slot in half-open; costs nothing when closed, is refused when open. */
  boolean enter() {
    return switch (state) {
      case CLOSED -> true;
      case OPEN -> false;
      case HALF_OPEN -> counter.tryAcquirePermission();
    };
  }

  void leave() {
    if (state == BreakerState.HALF_OPEN) {
      counter.releasePermission();
    }
  }

  /** Counts a success; the state that the counters now ask for. */
  BreakerState success() {
    counter.onSuccess(0, TimeUnit.NANOSECONDS);
    return counter.getState() == CircuitBreaker.State.CLOSED ? BreakerState.CLOSED : state;
  }

  /** Counts a failure; the state that the counters now ask for. In half-open one is enough. */
  BreakerState failure() {
    counter.onError(0, TimeUnit.NANOSECONDS, new FailedCall());
    boolean opened = counter.getState() == CircuitBreaker.State.OPEN;
    return opened || state == BreakerState.HALF_OPEN ? BreakerState.OPEN : state;
  }

  void tried(long now) {
    lastTrial = now;
  }

  long lastTrial() {
    return lastTrial;
  }

  private static final class FailedCall extends Exception {
    FailedCall() {
      super("failed call", null, false, false);
    }
  }
}
