package dev.sluice.probes.breaker;

import static dev.sluice.probes.breaker.Feeding.DB;
import static dev.sluice.probes.breaker.Feeding.bad;
import static dev.sluice.probes.breaker.Feeding.climb;
import static dev.sluice.probes.breaker.Feeding.fail;
import static dev.sluice.probes.breaker.Feeding.good;
import static dev.sluice.probes.breaker.Feeding.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Vantage;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A probe never cuts traffic that works. */
class VantageRuleTest {
  private final AtomicLong nanos = new AtomicLong(1L << 40);
  private final Breakers shared = breakers("127.0.0.1");
  private final Breakers remote = breakers("orders.internal");

  @Test
  void rareTimeoutsAmongSuccessesNeverOpenABreakerThatTheGatewayDoubts() {
    for (int second = 0; second < 4_800; second++) {
      bad(remote, Vantage.GATEWAY, 1);
      for (int i = 0; i < 100; i++) {
        succeed(remote);
      }
      if (second % 600 == 599) {
        fail(remote, Failure.TIMEOUT, 1);
      }
      pass(1);
    }
    assertThat(remote.state("db")).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void aRowOfLiveFailuresOpensABreakerThatTheGatewayDoubts() {
    bad(remote, Vantage.GATEWAY, 1);
    fail(remote, Failure.TIMEOUT, 2);
    succeed(remote);
    fail(remote, Failure.TIMEOUT, 2);
    assertThat(remote.state("db")).isEqualTo(BreakerState.CLOSED);
    fail(remote, Failure.TIMEOUT, 1);
    assertThat(remote.state("db")).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void trafficThatNeedsNoDatabaseDoesNotOutvoteClimbsBesideTheBackend() {
    for (int i = 0; i < 2; i++) {
      bad(shared, Vantage.SHARED, 1);
      fail(shared, Failure.TIMEOUT, 1);
      succeed(shared);
    }
    bad(shared, Vantage.SHARED, 1);
    assertThat(shared.state("db")).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void aGoodClimbBreaksTheRowOfLiveFailures() {
    bad(shared, Vantage.SHARED, 1);
    fail(shared, Failure.TIMEOUT, 2);
    good(shared, 1);
    bad(shared, Vantage.SHARED, 1);
    fail(shared, Failure.TIMEOUT, 2);
    assertThat(shared.state("db")).isEqualTo(BreakerState.CLOSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"28P01", "28000", "3D000", "53300"})
  void deniedEntryYieldsToTrafficThatWorks(String state) {
    Climb denied = climb(Vantage.SHARED, Rung.STARTUP, null, state);
    for (int i = 0; i < 60; i++) {
      succeed(shared);
      shared.climbed(denied, verdict(Cause.INFRASTRUCTURE, Detail.CONNECTIONS_EXHAUSTED));
      pass(1);
    }
    assertThat(shared.state("db")).isEqualTo(BreakerState.CLOSED);
    pass(10);
    for (int i = 0; i < 3; i++) {
      shared.climbed(denied, verdict(Cause.INFRASTRUCTURE, Detail.CONNECTIONS_EXHAUSTED));
    }
    assertThat(shared.state("db")).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void whatDeniedEntryOpenedOnAnIdleRouteACanaryCloses() {
    Climb denied = climb(Vantage.SHARED, Rung.STARTUP, null, "53300");
    for (int i = 0; i < 3; i++) {
      shared.climbed(denied, verdict(Cause.INFRASTRUCTURE, Detail.CONNECTIONS_EXHAUSTED));
    }
    assertThat(shared.state("db")).isEqualTo(BreakerState.OPEN);
    pass(30);
    assertThat(shared.canary("orders", DB)).isTrue();
    shared.served(DB);
    assertThat(shared.state("db")).isEqualTo(BreakerState.HALF_OPEN);
  }

  @ParameterizedTest
  @EnumSource(
      value = Detail.class,
      names = {"SCHEMA", "GRANTS", "SLOW_QUERY", "LOCK_WAIT"})
  void theApplicationsFaultsFeedNoBreakerWhereTheyMayNotBeBlamed(Detail detail) {
    Climb failed = climb(Vantage.GATEWAY, Rung.FULL_QUERY, null, "55P03");
    for (int i = 0; i < 10; i++) {
      remote.climbed(failed, verdict(Cause.UNKNOWN, detail));
    }
    assertThat(remote.state("db")).isEqualTo(BreakerState.CLOSED);
    assertThat(remote.suspect("db")).isFalse();
  }

  private static void succeed(Breakers breakers) {
    Permit permit = breakers.permit("orders", DB);
    breakers.served(DB);
    permit.succeeded();
  }

  private void pass(int seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  private Breakers breakers(String host) {
    return new Breakers(
        Settings.of(host, Settings.dependency("db", true)),
        InstantSource.fixed(Feeding.NOW),
        nanos::get);
  }
}
