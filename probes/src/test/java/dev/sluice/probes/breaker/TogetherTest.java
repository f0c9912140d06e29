package dev.sluice.probes.breaker;

import static dev.sluice.probes.breaker.Feeding.DB;
import static dev.sluice.probes.breaker.Feeding.bad;
import static dev.sluice.probes.breaker.Feeding.good;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Breaker;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several gateways in front of one database that is back. */
class TogetherTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final AtomicLong nanos = new AtomicLong(1L << 40);
  private Duration turn = Duration.ofSeconds(7);
  private int gateways = 5;
  private final Breakers breakers = breakers();

  private Breakers breakers() {
    Breaker plain = Settings.breaker(3, Duration.ofSeconds(30), 3, 3);
    Breaker gradual =
        new Breaker(3, plain.retryAfter(), 3, 3, Duration.ofSeconds(40), plain.learning());
    Breakers made =
        new Breakers(
            Settings.with(Settings.of("127.0.0.1", Settings.dependency("db", true)), gradual),
            InstantSource.fixed(Feeding.NOW),
            nanos::get,
            move -> {},
            () -> 0.99);
    made.together(
        new Together() {
          @Override
          public Duration turn() {
            return turn;
          }

          @Override
          public int gateways() {
            return gateways;
          }
        });
    return made;
  }

  private void pass(Duration span) {
    nanos.addAndGet(span.toNanos());
  }

  @BeforeEach
  void open() {
    bad(breakers, Vantage.SHARED, 3);
    assertThat(breakers.state("db")).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void itsTurnIsWaitedForOnceTheDatabaseHasHeldForLongEnough() {
    good(breakers, 2);
    pass(turn);
    good(breakers, 1);
    assertThat(breakers.state("db")).isEqualTo(BreakerState.OPEN);
    assertThat(breakers.waits("db")).isEqualTo(turn);
    turn = Duration.ZERO; // drawn once
    pass(Duration.ofSeconds(6));
    good(breakers, 1);
    assertThat(breakers.state("db")).isEqualTo(BreakerState.OPEN);
    assertThat(breakers.waits("db")).isEqualTo(SECOND);
    pass(SECOND);
    good(breakers, 1);
    assertThat(breakers.trying("db")).isTrue();
    assertThat(breakers.waits("db")).isZero();
  }

  @Test
  void aRelapseBeginsTheWaitingAnew() {
    good(breakers, 3);
    pass(Duration.ofSeconds(6));
    bad(breakers, Vantage.SHARED, 1);
    assertThat(breakers.waits("db")).isZero();
    good(breakers, 3);
    pass(SECOND);
    good(breakers, 1);
    assertThat(breakers.state("db")).isEqualTo(BreakerState.OPEN);
    pass(Duration.ofSeconds(6));
    good(breakers, 1);
    assertThat(breakers.trying("db")).isTrue();
  }

  /** Of two hundred unlucky ones in ten seconds. */
  @Test
  void tenInASecondPassAnywayOverAllOfThem() {
    turn = Duration.ZERO;
    good(breakers, 3);
    for (int i = 0; i < 3; i++) {
      breakers.permit("orders", DB).succeeded();
    }
    int passed = 0;
    for (int i = 0; i < 200; i++) {
      pass(Duration.ofMillis(50));
      passed += breakers.permit("orders", DB) == null ? 0 : 1;
    }
    assertThat(passed).isEqualTo(10 * 10 / gateways);
  }
}
