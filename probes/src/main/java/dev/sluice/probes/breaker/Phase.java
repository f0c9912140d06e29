package dev.sluice.probes.breaker;

import dev.sluice.probes.breaker.Trials.Trial;
import dev.sluice.probes.mode.BreakerState;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One stay in one state, with counters of its own. A permit settles with the phase that gave it, so
 * that a late outcome never counts in a later phase and no slot is lost.
 */
final class Phase {
  final BreakerState state;
  final long since;
  final AtomicInteger goodClimbs = new AtomicInteger();

  /** Live failures in a row, apart from the row of climbs. */
  private final AtomicInteger liveFailures = new AtomicInteger();

  private final CircuitBreaker counter;
  private final Trials trials;
  private volatile long lastTrial;

  Phase(BreakerState state, long since, CircuitBreaker counter, int trialCalls) {
    this.state = state;
    this.since = since;
    this.counter = counter;
    this.trials = new Trials(counter, trialCalls);
    this.lastTrial = since;
  }

  /** Takes a slot in half-open; costs nothing when closed, is refused when open. */
  @Nullable Trial enter(long now) {
    return switch (state) {
      case CLOSED -> Trial.NONE;
      case OPEN -> null;
      case HALF_OPEN -> trials.begin(now);
    };
  }

  /** Ends what {@link #enter} began; false when it has ended already or taken too long. */
  boolean end(Trial trial) {
    return state != BreakerState.HALF_OPEN || trials.end(trial);
  }

  /** Gives the slot back that {@link #end} emptied. */
  void release() {
    if (state == BreakerState.HALF_OPEN) {
      trials.release();
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

  /** Counts a live failure; true when that many came in a row. */
  boolean liveFailure(int enough) {
    return liveFailures.incrementAndGet() >= enough;
  }

  /** Breaks the row of live failures. Reads first: nearly every request comes this way. */
  void liveSuccess() {
    if (liveFailures.get() != 0) {
      liveFailures.set(0);
    }
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
