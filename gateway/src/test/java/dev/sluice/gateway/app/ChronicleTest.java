package dev.sluice.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.admin.Hour;
import dev.sluice.gateway.admin.Hour.Minute;
import dev.sluice.gateway.admin.Hour.Turn;
import dev.sluice.gateway.proxy.ExchangeObserver.Ended;
import dev.sluice.gateway.proxy.ExchangeObserver.Origin;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.probes.breaker.Move;
import dev.sluice.probes.mode.BreakerState;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The last hour, minute by minute, by a clock that the test sets. */
final class ChronicleTest {
  private Instant now = Instant.parse("2026-11-30T10:00:00Z");
  private final Chronicle chronicle = new Chronicle(() -> now);

  private void answered(Outcome outcome, int status, Duration took) {
    chronicle.ended(
        new Ended("r", Origin.UNKNOWN, "route", outcome, "GET", "/", status, took.toNanos()));
  }

  private void moved(BreakerState from, BreakerState to) {
    chronicle.moved(new Move("db", from, to, "why"));
  }

  @Test
  void minutesAreCountedAndForgottenAfterAnHour() {
    for (int i = 0; i < 98; i++) {
      answered(Outcome.FORWARDED, 200, Duration.ofMillis(10));
    }
    answered(Outcome.STORED_COPY, 200, Duration.ofMillis(10));
    answered(Outcome.UPSTREAM_FAILED, 502, Duration.ofSeconds(2));
    answered(Outcome.HEALTH, 200, Duration.ofSeconds(9));
    now = now.plus(Duration.ofMinutes(5));
    answered(Outcome.FORWARDED, 200, Duration.ofMillis(10));
    Minute first = chronicle.hour().minutes().get(0);
    assertThat(chronicle.hour().minutes()).hasSize(2);
    assertThat(first.requests()).isEqualTo(100);
    assertThat(first.failed()).isEqualTo(1);
    assertThat(first.copies()).isEqualTo(1);
    assertThat(first.p50()).isBetween(10, 13);
    assertThat(first.p99()).isBetween(10, 13);
    now = now.plus(Duration.ofMinutes(56));
    assertThat(chronicle.hour().minutes()).hasSize(1);
    answered(Outcome.FORWARDED, 200, Duration.ofSeconds(2));
    assertThat(chronicle.hour().minutes().get(1).p99()).isBetween(2000, 2500);
  }

  private void answered(int count, int status, Duration took) {
    for (int i = 0; i < count; i++) {
      answered(Outcome.FORWARDED, status, took);
    }
  }

  @Test
  void clientsThatFareAsBeforeEndNoValidation() {
    answered(1_000, 200, Duration.ofMillis(40));
    answered(10, 503, Duration.ofMillis(40));
    now = now.plus(Duration.ofMinutes(1));
    BooleanSupplier worse = chronicle.guard();
    assertThat(worse.getAsBoolean()).isFalse();
    answered(198, 200, Duration.ofMillis(42));
    answered(2, 503, Duration.ofMillis(42));
    now = now.plus(Duration.ofMinutes(1));
    answered(100, 200, Duration.ofMillis(38));
    assertThat(worse.getAsBoolean()).isFalse();
  }

  @Test
  void failuresThatRiseByHalfAreSeen() {
    answered(1_000, 200, Duration.ofMillis(40));
    answered(10, 503, Duration.ofMillis(40));
    BooleanSupplier worse = chronicle.guard();
    answered(95, 200, Duration.ofMillis(40));
    answered(5, 502, Duration.ofMillis(40));
    assertThat(worse.getAsBoolean()).isTrue();
  }

  @Test
  void durationsThatRiseByHalfAreSeen() {
    answered(1_000, 200, Duration.ofMillis(40));
    BooleanSupplier worse = chronicle.guard();
    answered(19, 200, Duration.ofMillis(90));
    assertThat(worse.getAsBoolean()).as("too few to tell").isFalse();
    answered(1, 200, Duration.ofMillis(90));
    assertThat(worse.getAsBoolean()).isTrue();
  }

  /** One in twenty is above the 95th per cent on every day, and now and then some more are. */
  @Test
  void aFewSlowAnswersAreChance() {
    answered(1_000, 200, Duration.ofMillis(40));
    BooleanSupplier worse = chronicle.guard();
    answered(36, 200, Duration.ofMillis(40));
    answered(4, 200, Duration.ofMillis(90));
    assertThat(worse.getAsBoolean()).isFalse();
    answered(4, 200, Duration.ofMillis(90));
    assertThat(worse.getAsBoolean()).isTrue();
  }

  @Test
  void aDurationIsUnderItsBoundByAQuarterAtMost() {
    for (long micros = 1; micros < 400_000_000L; micros += 1 + micros / 7) {
      int index = Chronicle.index(micros * 1000);
      assertThat(Chronicle.index((micros + 1) * 1000)).isGreaterThanOrEqualTo(index);
      double millis = micros / 1000.0;
      assertThat((double) Chronicle.upTo(index)).isBetween(millis, Math.max(1, millis * 1.26 + 1));
    }
  }

  @Test
  void ofTurnsBeforeTheHourTheLastIsKept() {
    moved(BreakerState.CLOSED, BreakerState.OPEN);
    moved(BreakerState.OPEN, BreakerState.HALF_OPEN);
    moved(BreakerState.HALF_OPEN, BreakerState.HALF_OPEN);
    now = now.plus(Duration.ofMinutes(90));
    moved(BreakerState.HALF_OPEN, BreakerState.CLOSED);
    Hour hour = chronicle.hour();
    assertThat(hour.turns())
        .extracting(Turn::to)
        .containsExactly(BreakerState.HALF_OPEN, BreakerState.CLOSED);
  }
}
