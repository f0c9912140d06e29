package dev.sluice.probes.breaker;

import static dev.sluice.probes.breaker.Feeding.DB;
import static dev.sluice.probes.breaker.Feeding.bad;
import static dev.sluice.probes.breaker.Feeding.good;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.verdict.Vantage;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Half-open ends, whatever becomes of the calls it lets through. */
class TrialsTest {
  private final AtomicLong nanos = new AtomicLong(1L << 40);
  private final Breakers breakers =
      new Breakers(
          Settings.of("127.0.0.1", Settings.dependency("db", true)),
          InstantSource.fixed(Feeding.NOW),
          nanos::get);

  @BeforeEach
  void halfOpen() {
    bad(breakers, Vantage.SHARED, 3);
    good(breakers, 3);
    assertThat(breakers.state("db")).isEqualTo(BreakerState.HALF_OPEN);
  }

  @Test
  void streamsThatNeverEndHoldTheirSlotsForTenSeconds() {
    endless(3);
    pass(9);
    assertThat(breakers.permit("orders", DB)).isNull();
    pass(1);
    for (int i = 0; i < 3; i++) {
      breakers.permit("orders", DB).succeeded();
    }
    assertThat(breakers.state("db")).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void goodClimbsCloseWhatStreamsHoldOpen() {
    endless(3);
    for (int i = 0; i < 15; i++) {
      pass(1);
      good(breakers, 1);
    }
    assertThat(breakers.state("db")).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void aTrialThatSettlesAfterItsTimeCountsForNothing() {
    List<Permit> late = endless(3);
    pass(10);
    Permit fresh = breakers.permit("orders", DB);
    late.get(0).failed(Failure.TIMEOUT);
    late.get(1).succeeded();
    late.get(2).released();
    assertThat(breakers.state("db")).isEqualTo(BreakerState.HALF_OPEN);
    Permit second = breakers.permit("orders", DB);
    Permit third = breakers.permit("orders", DB);
    assertThat(breakers.permit("orders", DB)).isNull();
    fresh.succeeded();
    second.succeeded();
    assertThat(breakers.state("db")).isEqualTo(BreakerState.HALF_OPEN);
    third.succeeded();
    assertThat(breakers.state("db")).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void ofAnHourOfEndlessStreamsNoSlotIsLost() {
    for (int i = 0; i < 360; i++) {
      endless(3);
      assertThat(breakers.permit("orders", DB)).isNull();
      pass(10);
    }
    assertThat(endless(3)).doesNotContainNull();
  }

  @Test
  @Timeout(10)
  void aCounterThatHasDecidedMeanwhileLetsNobodyWaitForASlot() {
    CircuitBreaker counter =
        CircuitBreaker.of(
            "db",
            CircuitBreakerConfig.custom()
                .slidingWindow(
                    3,
                    3,
                    SlidingWindowType.COUNT_BASED,
                    SlidingWindowSynchronizationStrategy.LOCK_FREE)
                .permittedNumberOfCallsInHalfOpenState(3)
                .build());
    counter.transitionToOpenState();
    counter.transitionToHalfOpenState();
    Trials trials = new Trials(counter, 3);
    for (int i = 0; i < 3; i++) {
      assertThat(trials.begin(0)).isNotNull();
      counter.onSuccess(0, TimeUnit.NANOSECONDS);
    }
    assertThat(counter.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    assertThat(trials.begin(0)).isNull();
  }

  private List<Permit> endless(int count) {
    List<Permit> permits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      permits.add(breakers.permit("orders", DB));
    }
    assertThat(permits).doesNotContainNull();
    return permits;
  }

  private void pass(int seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }
}
