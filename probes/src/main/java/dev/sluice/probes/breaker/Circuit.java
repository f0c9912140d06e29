package dev.sluice.probes.breaker;

import dev.sluice.config.Breaker;
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

/** One breaker: its current phase, and the moves from phase to phase. */
final class Circuit {
  static final long SERVED_LATELY = TimeUnit.SECONDS.toNanos(10);

  /** Far above any stay: an open phase is left by explicit moves alone. */
  private static final Duration NEVER = Duration.ofDays(365);

  final String id;
  private final Breaker settings;
  private final CircuitBreakerConfig counters;
  private final LongSupplier nanos;
  private final BreakerListener listener;
  private final AtomicReference<Phase> phase;
  private final AtomicLong lastServed;
  private final AtomicLong lastCanary;
  private volatile boolean suspect;

  Circuit(
      String id,
      Breaker settings,
      InstantSource instants,
      LongSupplier nanos,
      BreakerListener listener) {
    this.id = id;
    this.settings = settings;
    this.nanos = nanos;
    this.listener = listener;
    this.counters = counters(settings, instants, nanos);
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
    CircuitBreaker counter = CircuitBreaker.of(id, counters);
    if (state == BreakerState.OPEN) {
      counter.transitionToOpenState();
    } else if (state == BreakerState.HALF_OPEN) {
      counter.transitionToOpenState();
      counter.transitionToHalfOpenState();
    }
    return new Phase(state, now, counter);
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
      listener.moved(id, from.state, to);
    }
  }

  void good() {
    suspect = false;
    Phase current = phase();
    switch (current.state) {
      case CLOSED -> move(current, current.success());
      case OPEN -> {
        if (current.goodClimbs.incrementAndGet() >= settings.trialClimbs()) {
          move(current, BreakerState.HALF_OPEN);
        }
      }
      case HALF_OPEN -> {
        boolean idle = nanos.getAsLong() - current.lastTrial() >= SERVED_LATELY;
        if (idle && current.enter()) {
          move(current, current.success());
        }
      }
    }
  }

  /** A failed climb; whether it counts is said by the vantage rule. */
  void bad(boolean counts) {
    suspect = true;
    Phase current = phase();
    current.goodClimbs.set(0);
    if (counts && current.state != BreakerState.OPEN) {
      move(current, current.failure());
    }
  }

  boolean servedLately() {
    return nanos.getAsLong() - lastServed.get() < SERVED_LATELY;
  }

  /** A live request that needs this succeeded; through an open breaker only a canary can. */
  void served(boolean canaries) {
    long now = nanos.getAsLong();
    if (now - lastServed.get() > TimeUnit.MILLISECONDS.toNanos(100)) {
      lastServed.set(now);
    }
    Phase current = phase();
    if (canaries && current.state == BreakerState.OPEN) {
      move(current, BreakerState.HALF_OPEN);
    }
  }

  /** True once per retry period. */
  boolean canary() {
    long now = nanos.getAsLong();
    long last = lastCanary.get();
    return now - last >= settings.retryAfter().toNanos() && lastCanary.compareAndSet(last, now);
  }

  /** Half-opens a breaker that no probe speaks for, once the retry period is over. */
  void retry() {
    Phase current = phase();
    boolean over = nanos.getAsLong() - current.since >= settings.retryAfter().toNanos();
    if (current.state == BreakerState.OPEN && over && !suspect) {
      move(current, BreakerState.HALF_OPEN);
    }
  }

  /** Settles one permit with the phase that gave it. */
  void settle(Phase given, Outcome outcome) {
    switch (outcome) {
      case GOOD -> {
        given.tried(nanos.getAsLong());
        move(given, given.success());
      }
      case BAD -> move(given, given.failure());
      case NOTHING -> given.leave();
    }
  }

  /** What a permit means to one breaker. */
  enum Outcome {
    GOOD,
    BAD,
    NOTHING
  }
}
