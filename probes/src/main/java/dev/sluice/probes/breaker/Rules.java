package dev.sluice.probes.breaker;

import dev.sluice.config.Breaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What the file or experience says of one breaker, and the counters that follow from it. */
record Rules(Breaker settings, CircuitBreakerConfig counters) {
  /** Far above any stay: an open phase is left by explicit moves alone. */
  private static final Duration NEVER = Duration.ofDays(365);

  static Rules of(Breaker settings, InstantSource instants, LongSupplier nanos) {
    int n = settings.failures();
    // The library's lock-free window of one entry fails on its second. One bad outcome in two, of
    // which one is enough to judge by, opens at the first just so.
    boolean single = n == 1;
    return new Rules(
        settings,
        CircuitBreakerConfig.custom()
            .slidingWindow(
                single ? 2 : n,
                n,
                SlidingWindowType.COUNT_BASED,
                SlidingWindowSynchronizationStrategy.LOCK_FREE)
            .failureRateThreshold(single ? 50 : 100)
            .permittedNumberOfCallsInHalfOpenState(settings.trialCalls())
            .waitDurationInOpenState(NEVER)
            .writableStackTraceEnabled(false)
            .clock(instants.withZone(ZoneOffset.UTC))
            .currentTimestampFunction(clock -> nanos.getAsLong(), TimeUnit.NANOSECONDS)
            .build());
  }

  /** A counter that stands at the stage. */
  CircuitBreaker counter(String id, Stage stage) {
    CircuitBreaker counter = CircuitBreaker.of(id, counters);
    if (stage != Stage.CLOSED) {
      counter.transitionToOpenState();
    }
    if (stage == Stage.TRIALS) {
      counter.transitionToHalfOpenState();
    }
    return counter;
  }
}
