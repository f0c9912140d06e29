package dev.sluice.probes.breaker;

import dev.sluice.config.Breaker;
import dev.sluice.probes.breaker.Trials.Trial;
import dev.sluice.probes.mode.BreakerState;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One breaker: its current phase, and the moves from phase to phase. Climbs and live failures of a
 * dependency are counted in rows of their own; a live success breaks the row of live failures and
 * that alone, because traffic that needs no database must not outvote a climb beside the backend.
 */
final class Circuit {
  static final long SERVED_LATELY = TimeUnit.SECONDS.toNanos(10);

  /** Far above any stay: an open phase is left by explicit moves alone. */
  private static final Duration NEVER = Duration.ofDays(365);

  final String id;
  private final InstantSource instants;
  private final LongSupplier nanos;
  private final BreakerListener listener;
  private final AtomicReference<Phase> phase;
  private final AtomicLong lastServed;
  private final AtomicLong lastCanary;
  private volatile Rules rules;
  private volatile boolean retired;
  private volatile boolean suspect;
  private volatile boolean yields;

  /** What the file says, and the counters that follow from it. */
  private record Rules(Breaker settings, CircuitBreakerConfig counters) {}

  Circuit(
      String id,
      Breaker settings,
      InstantSource instants,
      LongSupplier nanos,
      BreakerListener listener) {
    this.id = id;
    this.instants = instants;
    this.nanos = nanos;
    this.listener = listener;
    this.rules = new Rules(settings, counters(settings, instants, nanos));
    long now = nanos.getAsLong();
    this.phase = new AtomicReference<>(begin(BreakerState.CLOSED, now));
    this.lastServed = new AtomicLong(now - 2 * SERVED_LATELY);
    this.lastCanary = new AtomicLong(now);
  }

  private static CircuitBreakerConfig counters(
      Breaker settings, InstantSource instants, LongSupplier nanos) {
    int n = settings.failures();
    return CircuitBreakerConfig.custom()
        .slidingWindow(
            n, n, SlidingWindowType.COUNT_BASED, SlidingWindowSynchronizationStrategy.LOCK_FREE)
        .failureRateThreshold(100)
        .permittedNumberOfCallsInHalfOpenState(settings.trialCalls())
        .waitDurationInOpenState(NEVER)
        .writableStackTraceEnabled(false)
        .clock(instants.withZone(ZoneOffset.UTC))
        .currentTimestampFunction(clock -> nanos.getAsLong(), TimeUnit.NANOSECONDS)
        .build();
  }

  private Phase begin(BreakerState state, long now) {
    Rules current = rules;
    CircuitBreaker counter = CircuitBreaker.of(id, current.counters);
    if (state == BreakerState.OPEN) {
      counter.transitionToOpenState();
    } else if (state == BreakerState.HALF_OPEN) {
      counter.transitionToOpenState();
      counter.transitionToHalfOpenState();
    }
    return new Phase(state, now, counter, current.settings.trialCalls());
  }

  private Breaker settings() {
    return rules.settings;
  }

  /**
   * Goes by other settings from now on. An open breaker stays open; a closed one counts its rows
   * anew, and a trial that is under way ends by the settings that it began with.
   */
  void follow(Breaker settings) {
    if (settings.equals(settings())) {
      return;
    }
    rules = new Rules(settings, counters(settings, instants, nanos));
    Phase current = phase();
    if (current.state == BreakerState.CLOSED) {
      phase.compareAndSet(current, begin(BreakerState.CLOSED, nanos.getAsLong()));
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
    return phase().state;
  }

  boolean suspect() {
    return suspect;
  }

  /** Leaves a phase for another state, unless somebody else left it first. */
  void move(Phase from, BreakerState to) {
    if (from.state == to) {
      return;
    }
    long now = nanos.getAsLong();
    if (phase.compareAndSet(from, begin(to, now))) {
      lastCanary.set(now);
      if (!retired) {
        listener.moved(id, from.state, to);
      }
    }
  }

  /** Leave for one call; null when this breaker refuses. */
  @Nullable Entry enter() {
    Phase current = phase();
    long now = current.state == BreakerState.CLOSED ? 0 : nanos.getAsLong();
    Trial trial = current.enter(now);
    return trial == null ? null : new Entry(this, current, trial);
  }

  void good() {
    suspect = false;
    Phase current = phase();
    switch (current.state) {
      case CLOSED -> {
        current.liveSuccess();
        move(current, current.success());
      }
      case OPEN -> {
        if (current.goodClimbs.incrementAndGet() >= settings().trialClimbs()) {
          move(current, BreakerState.HALF_OPEN);
        }
      }
      case HALF_OPEN -> {
        // Takes no slot: calls that never end would leave it none.
        if (nanos.getAsLong() - current.lastTrial() >= SERVED_LATELY) {
          move(current, current.success());
        }
      }
    }
  }

  /**
   * A failed climb. One that yields counts only when no live request succeeded lately; one that
   * live requests contradict breaks the row instead.
   */
  void bad(boolean yielding) {
    suspect = true;
    yields = yielding;
    Phase current = phase();
    current.goodClimbs.set(0);
    if (current.state != BreakerState.OPEN) {
      boolean counts = !yielding || !servedLately();
      move(current, counts ? current.failure() : contradicted(current));
    }
  }

  private static BreakerState contradicted(Phase current) {
    return current.state == BreakerState.CLOSED ? current.success() : current.state;
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
    if (yields && current.state == BreakerState.OPEN) {
      move(current, BreakerState.HALF_OPEN);
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

  /** Half-opens a breaker that no probe speaks for, once the retry period is over. */
  void retry() {
    Phase current = phase();
    boolean over = nanos.getAsLong() - current.since >= settings().retryAfter().toNanos();
    if (current.state == BreakerState.OPEN && over && !suspect) {
      move(current, BreakerState.HALF_OPEN);
    }
  }

  /** A live request failed while this was suspect; a failed trial is enough to open again. */
  void liveFailure(Entry entry) {
    if (entry.onTrial()) {
      settled(entry, Outcome.BAD);
    } else if (entry.phase().liveFailure(settings().failures())) {
      move(entry.phase(), BreakerState.OPEN);
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
        given.tried(nanos.getAsLong());
        move(given, given.success());
      }
      case BAD -> move(given, given.failure());
      case NOTHING -> given.release();
    }
  }

  /** What the end of a call means to one breaker. */
  enum Outcome {
    GOOD,
    BAD,
    NOTHING
  }
}
