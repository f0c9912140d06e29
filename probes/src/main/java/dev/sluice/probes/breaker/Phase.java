package dev.sluice.probes.breaker;

import dev.sluice.config.Breaker;
import dev.sluice.probes.breaker.Trials.Trial;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One stay at one stage, with counters of its own. A permit settles with the phase that gave it, so
 * that a late outcome never counts in a later phase and no slot is lost.
 */
final class Phase {
  /** One stray failure of a target that answers its probes does not end its return. */
  private static final int STRAY = 2;

  final Stage stage;
  final long since;
  final Dwell dwell;
  final AtomicInteger goodClimbs = new AtomicInteger();

  /** Live failures in a row, apart from the row of climbs. */
  private final AtomicInteger liveFailures = new AtomicInteger();

  private final CircuitBreaker counter;
  private final Trials trials;
  private final Ramp ramp;
  private volatile long lastTrial;
  private volatile @Nullable Long turn;

  Phase(
      Stage stage,
      long since,
      Dwell dwell,
      CircuitBreaker counter,
      Breaker settings,
      int gateways) {
    this.stage = stage;
    this.since = since;
    this.dwell = dwell;
    this.counter = counter;
    this.trials = new Trials(counter, settings.trialCalls());
    this.ramp = new Ramp(since, settings.recovery().multipliedBy(dwell.factor()), gateways);
    this.lastTrial = since;
  }

  /** Whether the turn has come that was drawn when enough climbs had held. */
  boolean inTurn(long now, Together together) {
    Long due = turn;
    if (due == null) {
      due = now + together.turn().toNanos();
      turn = due;
    }
    return now - due >= 0;
  }

  /** How much longer it is waited for. */
  Duration waits(long now) {
    Long due = turn;
    return due == null || now - due >= 0 ? Duration.ZERO : Duration.ofNanos(due - now);
  }

  /** One has failed. */
  void forgetClimbs() {
    goodClimbs.set(0);
    turn = null;
  }

  /**
   * Takes a slot on trial, a share of the ramp; costs nothing when closed, is refused when open.
   */
  @Nullable Trial enter(long now, double luck) {
    return switch (stage) {
      case CLOSED -> Trial.NONE;
      case OPEN -> null;
      case TRIALS -> trials.begin(now);
      case RAMP -> ramp.admits(now, luck) ? Trial.NONE : null;
    };
  }

  /** Ends what {@link #enter} began; false when it has ended already or taken too long. */
  boolean end(Trial trial) {
    return stage != Stage.TRIALS || trials.end(trial);
  }

  /** Gives the slot back that {@link #end} emptied. */
  void release() {
    if (stage == Stage.TRIALS) {
      trials.release();
    }
  }

  /** Counts a success; the stage that is now due. */
  Stage success(long now) {
    if (stage == Stage.RAMP) {
      liveSuccess();
      return ramp.over(now) ? Stage.CLOSED : stage;
    }
    counter.onSuccess(0, TimeUnit.NANOSECONDS);
    boolean closed = counter.getState() == CircuitBreaker.State.CLOSED;
    return closed && stage == Stage.TRIALS ? Stage.RAMP : closed ? Stage.CLOSED : stage;
  }

  /** Counts a failure; the stage that is now due. On trial and after it one is enough. */
  Stage failure() {
    counter.onError(0, TimeUnit.NANOSECONDS, new FailedCall());
    boolean opened = counter.getState() == CircuitBreaker.State.OPEN;
    return opened || stage.state != Stage.CLOSED.state ? Stage.OPEN : stage;
  }

  /** Counts a live failure; true when that many came in a row. */
  boolean liveFailure(int enough) {
    return liveFailures.incrementAndGet() >= enough;
  }

  /**
   * Counts a live failure on the way back.
   *
   * @param suspect whether the last probe failed as well
   */
  boolean setBack(boolean suspect) {
    return liveFailure(suspect ? 1 : STRAY);
  }

  /** Breaks the row of live failures. Reads first: nearly every request comes this way. */
  void liveSuccess() {
    if (liveFailures.get() != 0) {
      liveFailures.set(0);
    }
  }

  /** The share of the traffic that passes, from 0 to 1; on trial nearly nothing. */
  double share(long now) {
    return switch (stage) {
      case CLOSED -> 1;
      case OPEN, TRIALS -> 0;
      case RAMP -> ramp.share(now);
    };
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
