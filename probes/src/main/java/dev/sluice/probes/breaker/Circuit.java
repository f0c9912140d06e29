package dev.sluice.probes.breaker;

import dev.sluice.config.Breaker;
import dev.sluice.probes.breaker.Trials.Trial;
import dev.sluice.probes.mode.BreakerState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One breaker: its current phase, and the moves from phase to phase. Climbs and live failures of a
 * dependency are counted in rows of their own; a live success breaks the row of live failures and
 * that alone, because traffic that needs no database must not outvote a climb beside the backend.
 */
final class Circuit {
  static final long SERVED_LATELY = TimeUnit.SECONDS.toNanos(10);

  final String id;
  private final InstantSource instants;
  private final LongSupplier nanos;
  private final BreakerListener listener;
  private final Supplier<Together> together;
  private final AtomicReference<Phase> phase;
  private final AtomicLong lastServed;
  private final AtomicLong lastCanary;
  private volatile Rules rules;
  private volatile boolean retired;
  private volatile boolean suspect;
  private volatile boolean yields;

  Circuit(
      String id,
      Breaker settings,
      InstantSource instants,
      LongSupplier nanos,
      BreakerListener listener,
      Supplier<Together> together) {
    this.id = id;
    this.together = together;
    this.instants = instants;
    this.nanos = nanos;
    this.listener = listener;
    this.rules = Rules.of(settings, instants, nanos);
    long now = nanos.getAsLong();
    this.phase = new AtomicReference<>(begin(Stage.CLOSED, Dwell.usual(now), now));
    this.lastServed = new AtomicLong(now - 2 * SERVED_LATELY);
    this.lastCanary = new AtomicLong(now);
  }

  private Phase begin(Stage stage, Dwell dwell, long now) {
    Rules current = rules;
    int gateways = together.get().gateways();
    return new Phase(stage, now, dwell, current.counter(id, stage), current.settings(), gateways);
  }

  private Breaker settings() {
    return rules.settings();
  }

  /**
   * Goes by other settings from now on. An open breaker stays open; a closed one counts its rows
   * anew, and a return that is under way ends by the settings that it began with.
   */
  void follow(Breaker settings) {
    if (settings.equals(settings())) {
      return;
    }
    rules = Rules.of(settings, instants, nanos);
    Phase current = phase();
    if (current.stage == Stage.CLOSED) {
      phase.compareAndSet(current, begin(Stage.CLOSED, current.dwell, nanos.getAsLong()));
    }
  }

  /** What it guarded is gone: calls that are under way still end here, and nobody is told. */
  void retire() {
    retired = true;
  }

  Phase phase() {
    return Objects.requireNonNull(phase.get());
  }

  BreakerState state() {
    return phase().stage.state;
  }

  /** The share of the traffic that it lets through, from 0 to 1. */
  double share() {
    return phase().share(nanos.getAsLong());
  }

  boolean suspect() {
    return suspect;
  }

  /** Leaves a phase for another stage, unless somebody else left it first. */
  private void move(Phase from, Stage due, String why) {
    if (from.stage == due) {
      return;
    }
    long now = nanos.getAsLong();
    Stage to = due == Stage.RAMP && settings().recovery().isZero() ? Stage.CLOSED : due;
    if (phase.compareAndSet(from, begin(to, from.dwell.after(from.stage, to, now), now))) {
      lastCanary.set(now);
      if (!retired) {
        listener.moved(new Move(id, from.stage.state, to.state, why));
      }
    }
  }

  /**
   * Leave for one call; null when this breaker refuses.
   *
   * @param luck of the call, from 0 to 1
   */
  @Nullable Entry enter(double luck) {
    Phase current = phase();
    long now = current.stage == Stage.CLOSED ? 0 : nanos.getAsLong();
    Trial trial = current.enter(now, luck);
    return trial == null ? null : new Entry(this, current, trial);
  }

  void good() {
    suspect = false;
    Phase current = phase();
    long now = nanos.getAsLong();
    switch (current.stage) {
      case CLOSED -> {
        current.liveSuccess();
        move(current, current.success(now), "");
      }
      case OPEN -> {
        int enough = settings().trialClimbs() * current.dwell.factor();
        if (current.goodClimbs.incrementAndGet() >= enough && current.inTurn(now, together.get())) {
          move(current, Stage.TRIALS, Reasons.held(enough));
        }
      }
      case TRIALS -> {
        // Takes no slot: calls that never end would leave it none.
        if (now - current.lastTrial() >= SERVED_LATELY) {
          move(current, current.success(now), Reasons.UNTRIED);
        }
      }
      case RAMP -> returned(current, now);
    }
  }

  /** Closes when traffic has come back. */
  private void returned(Phase current, long now) {
    if (current.stage == Stage.RAMP && current.share(now) == 1) {
      move(current, Stage.CLOSED, Reasons.RETURNED);
    }
  }

  /**
   * A failed climb. One that yields counts only when no live request succeeded lately; one that
   * live requests contradict breaks the row instead.
   *
   * @param seen in a word or two
   */
  void bad(boolean yielding, String seen) {
    suspect = true;
    yields = yielding;
    Phase current = phase();
    current.forgetClimbs();
    if (current.stage == Stage.OPEN) {
      return;
    }
    if (!yielding || !servedLately()) {
      move(current, current.failure(), Reasons.failed(current.stage, settings().failures(), seen));
    } else if (current.stage == Stage.CLOSED) {
      move(current, current.success(nanos.getAsLong()), "");
    }
  }

  /** How much longer it stays open although what it guards is back. */
  Duration waits() {
    Phase current = phase();
    return current.stage == Stage.OPEN ? current.waits(nanos.getAsLong()) : Duration.ZERO;
  }

  boolean servedLately() {
    return nanos.getAsLong() - lastServed.get() < SERVED_LATELY;
  }

  /** A live request that needs this succeeded; through an open breaker only a canary can. */
  void served() {
    long now = nanos.getAsLong();
    if (now - lastServed.get() > TimeUnit.MILLISECONDS.toNanos(100)) {
      lastServed.set(now);
    }
    Phase current = phase();
    current.liveSuccess();
    if (yields && current.stage == Stage.OPEN) {
      move(current, Stage.TRIALS, Reasons.CANARY);
    }
  }

  /** True when the last climb that failed yields to live requests. */
  boolean yields() {
    return yields;
  }

  /** True once per retry period. */
  boolean canary() {
    long now = nanos.getAsLong();
    long last = lastCanary.get();
    return now - last >= settings().retryAfter().toNanos() && lastCanary.compareAndSet(last, now);
  }

  /**
   * Closes what has come back.
   *
   * @param unprobed whether an open one that no probe speaks for is tried once its period is over
   */
  void tick(boolean unprobed) {
    Phase current = phase();
    long now = nanos.getAsLong();
    returned(current, now);
    boolean over = now - current.since >= settings().retryAfter().toNanos();
    if (unprobed && current.stage == Stage.OPEN && over && !suspect) {
      move(current, Stage.TRIALS, Reasons.PERIOD);
    }
  }

  /** A live request failed while this was suspect; a failed trial is enough to open again. */
  void liveFailure(Entry entry) {
    int enough = settings().failures();
    if (entry.proves()) {
      settled(entry, Outcome.BAD);
    } else if (entry.phase().liveFailure(enough)) {
      move(entry.phase(), Stage.OPEN, Reasons.calls(enough));
    }
  }

  /** Ends one call in the phase that let it in. */
  void settled(Entry entry, Outcome outcome) {
    Phase given = entry.phase();
    if (!given.end(entry.trial())) {
      return;
    }
    switch (outcome) {
      case GOOD -> {
        long now = nanos.getAsLong();
        given.tried(now);
        move(given, given.success(now), Reasons.succeeded(given.stage, settings().trialCalls()));
      }
      case BAD -> failed(given);
      case NOTHING -> given.release();
    }
  }

  private void failed(Phase given) {
    boolean stays = given.stage == Stage.RAMP && !given.setBack(suspect);
    if (!stays) {
      move(given, given.failure(), Reasons.call(given.stage, settings().failures()));
    }
  }

  /** What the end of a call means to one breaker. */
  enum Outcome {
    GOOD,
    BAD,
    NOTHING
  }
}
