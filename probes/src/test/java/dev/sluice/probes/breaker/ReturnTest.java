package dev.sluice.probes.breaker;

import static dev.sluice.probes.breaker.Feeding.DB;
import static dev.sluice.probes.breaker.Feeding.answered;
import static dev.sluice.probes.breaker.Feeding.bad;
import static dev.sluice.probes.breaker.Feeding.good;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.config.Breaker;
import dev.sluice.config.Configuration;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Traffic comes back a share at a time, and goes at the first sign of a relapse. */
class ReturnTest {
  private final AtomicLong nanos = new AtomicLong(1L << 40);
  private final List<Move> moves = new ArrayList<>();
  private final RandomGenerator random = new SplittableRandom(7);
  private final Breakers breakers =
      new Breakers(
          settings(), InstantSource.fixed(Feeding.NOW), nanos::get, moves::add, random::nextDouble);

  private static Configuration settings() {
    Breaker plain = Settings.breaker(3, Duration.ofSeconds(30), 3, 3);
    Breaker gradual =
        new Breaker(3, plain.retryAfter(), 3, 3, Duration.ofSeconds(8), plain.learning());
    return Settings.with(Settings.of("127.0.0.1", Settings.dependency("db", true)), gradual);
  }

  @BeforeEach
  void beginsToReturn() {
    bad(breakers, Vantage.SHARED, 3);
    comesBack(3);
  }

  private void comesBack(int climbs) {
    good(breakers, climbs);
    for (int i = 0; i < 3; i++) {
      breakers.permit("orders", DB).succeeded();
    }
    assertThat(moves.get(moves.size() - 1).why()).isEqualTo("trial calls that succeeded: 3");
    assertThat(breakers.state("db")).isEqualTo(BreakerState.HALF_OPEN);
    assertThat(breakers.trying("db")).isFalse();
  }

  /** Of a thousand requests a second, evenly spread. */
  private double passing() {
    int passed = 0;
    for (int i = 0; i < 1_000; i++) {
      nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
      Permit permit = breakers.permit("orders", DB);
      if (permit != null) {
        passed++;
        permit.succeeded();
      }
    }
    return passed / 1_000.0;
  }

  @Test
  void oneThreeTenAndThirtyInAHundredPassAndTenASecondAnyway() {
    for (double share : new double[] {.01, .03, .1, .3}) {
      assertThat(breakers.share("db")).isEqualTo(share);
      assertThat(passing()).isCloseTo(share + .01, within(.035));
      assertThat(passing()).isCloseTo(share + .01, within(.035));
    }
    assertThat(passing()).isEqualTo(1);
    assertThat(breakers.state("db")).isEqualTo(BreakerState.CLOSED);
    assertThat(moves.get(moves.size() - 1).why()).isEqualTo("traffic came back without a failure");
  }

  @Test
  void aQuietServiceIsWholeAtOnce() {
    for (int i = 0; i < 40; i++) {
      pass(Duration.ofMillis(150));
      assertThat(breakers.permit("orders", DB)).isNotNull();
    }
  }

  @Test
  void withoutTrafficTheTimeAloneClosesIt() {
    pass(Duration.ofSeconds(7));
    breakers.tick();
    assertThat(breakers.state("db")).isEqualTo(BreakerState.HALF_OPEN);
    pass(Duration.ofSeconds(1));
    breakers.tick();
    assertThat(breakers.state("db")).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void aFailedClimbTurnsItBackAndTheNextReturnTakesTwiceAsLong() {
    pass(Duration.ofSeconds(5));
    bad(breakers, Vantage.SHARED, 1);
    assertThat(breakers.state("db")).isEqualTo(BreakerState.OPEN);
    good(breakers, 3);
    assertThat(breakers.state("db")).isEqualTo(BreakerState.OPEN);
    comesBack(3);
    pass(Duration.ofSeconds(15));
    breakers.tick();
    assertThat(breakers.share("db")).isEqualTo(.3);
    pass(Duration.ofSeconds(1));
    breakers.tick();
    assertThat(breakers.share("db")).isEqualTo(1);
  }

  @Test
  void oneStrayFailureOfABackendThatAnswersItsProbesTurnsNothingBack() {
    pass(Duration.ofSeconds(9));
    breakers.tick();
    backendReturns();
    failsOnce();
    passes();
    failsOnce();
    assertThat(breakers.state("orders")).isEqualTo(BreakerState.HALF_OPEN);
    failsOnce();
    assertThat(breakers.state("orders")).isEqualTo(BreakerState.OPEN);
  }

  private void backendReturns() {
    for (int i = 0; i < 3; i++) {
      breakers.permit("orders", List.of()).failed(Failure.RESET);
    }
    for (int i = 0; i < 3; i++) {
      breakers.probed("orders", answered(200));
    }
    for (int i = 0; i < 3; i++) {
      breakers.permit("orders", List.of()).succeeded();
    }
    assertThat(breakers.share("orders")).isEqualTo(.01);
  }

  private void failsOnce() {
    pass(Duration.ofMillis(100));
    breakers.permit("orders", List.of()).failed(Failure.STATUS_5XX);
  }

  private void passes() {
    pass(Duration.ofMillis(100));
    breakers.permit("orders", List.of()).succeeded();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
