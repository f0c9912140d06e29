package dev.sluice.probes.breaker;

import static dev.sluice.probes.breaker.Feeding.answered;
import static dev.sluice.probes.breaker.Feeding.bad;
import static dev.sluice.probes.breaker.Feeding.climb;
import static dev.sluice.probes.breaker.Feeding.climbs;
import static dev.sluice.probes.breaker.Feeding.fail;
import static dev.sluice.probes.breaker.Feeding.good;
import static dev.sluice.probes.breaker.Feeding.unanswered;
import static dev.sluice.probes.breaker.Feeding.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Reach;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BreakersTest {
  private static final Instant NOW = Feeding.NOW;
  private static final List<String> DB = Feeding.DB;
  private static final List<Failure> FAILURES = List.of(Failure.values());
  private final AtomicLong nanos = new AtomicLong(1L << 40);
  private final List<String> moves = new ArrayList<>();
  private final Breakers shared = breakers("127.0.0.1");
  private final Breakers remote = breakers("orders.internal");

  @Test
  void opensOnTheConfiguredNumberOfFailedClimbsInARow() {
    bad(shared, Vantage.SHARED, 2);
    good(shared, 1);
    bad(shared, Vantage.SHARED, 2);
    assertThat(shared.state("db")).isEqualTo(BreakerState.CLOSED);
    bad(shared, Vantage.SHARED, 1);
    assertThat(shared.state("db")).isEqualTo(BreakerState.OPEN);
    assertThat(shared.permit("orders", DB)).isNull();
    assertThat(shared.permit("orders", List.of())).isNotNull();
  }

  @Test
  void oneFailureIsEnoughWhereTheFileSaysSo() {
    Breakers hasty =
        new Breakers(
            Settings.with(
                Settings.of("127.0.0.1", Settings.dependency("db", true)),
                Settings.breaker(1, Duration.ofSeconds(30), 1, 1)),
            InstantSource.fixed(NOW),
            nanos::get);
    for (int time = 0; time < 5; time++) {
      good(hasty, 3);
      for (int call = 0; call < 3; call++) {
        hasty.permit("orders", DB).succeeded();
      }
      assertThat(hasty.state("db")).isEqualTo(BreakerState.CLOSED);
      bad(hasty, Vantage.SHARED, 1);
      assertThat(hasty.state("db")).as("time %d", time).isEqualTo(BreakerState.OPEN);
      nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
      good(hasty, 9); // more than one is asked for after it opened again so soon
      hasty.permit("orders", DB).succeeded();
    }
  }

  @Test
  void closesByThreeGoodClimbsAndThreeLiveCalls() {
    bad(shared, Vantage.SHARED, 3);
    good(shared, 2);
    assertThat(shared.permit("orders", DB)).isNull();
    good(shared, 1);
    assertThat(shared.state("db")).isEqualTo(BreakerState.HALF_OPEN);
    Permit one = shared.permit("orders", DB);
    Permit two = shared.permit("orders", DB);
    Permit three = shared.permit("orders", DB);
    assertThat(shared.permit("orders", DB)).isNull();
    one.succeeded();
    two.succeeded();
    assertThat(shared.state("db")).isEqualTo(BreakerState.HALF_OPEN);
    three.succeeded();
    assertThat(moves).containsExactly("db CLOSED OPEN", "db OPEN HALF_OPEN", "db HALF_OPEN CLOSED");
  }

  @Test
  void aFailedClimbBetweenGoodOnesBeginsAgain() {
    bad(shared, Vantage.SHARED, 3);
    good(shared, 2);
    bad(shared, Vantage.SHARED, 1);
    good(shared, 2);
    assertThat(shared.state("db")).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void aFailedClimbInHalfOpenReopens() {
    bad(shared, Vantage.SHARED, 3);
    good(shared, 3);
    bad(shared, Vantage.SHARED, 1);
    assertThat(shared.state("db")).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void withoutLiveCallsGoodClimbsStandForThem() {
    bad(shared, Vantage.SHARED, 3);
    good(shared, 5);
    assertThat(shared.state("db")).isEqualTo(BreakerState.HALF_OPEN);
    pass(10);
    good(shared, 3);
    assertThat(shared.state("db")).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void theGatewaysViewNeverCutsTrafficThatWorks() {
    for (int i = 0; i < 50; i++) {
      remote.served(DB);
      pass(1);
      bad(remote, Vantage.GATEWAY, 1);
    }
    assertThat(remote.state("db")).isEqualTo(BreakerState.CLOSED);
    pass(10);
    bad(remote, Vantage.GATEWAY, 3);
    assertThat(remote.state("db")).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void besideTheBackendTheSameFailureCounts() {
    shared.served(DB);
    bad(shared, Vantage.SHARED, 3);
    assertThat(shared.state("db")).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void deniedEntryYieldsToTrafficThatWorks() {
    shared.served(DB);
    Climb denied = climb(Vantage.SHARED, Rung.AUTHENTICATION, null, "28P01");
    for (int i = 0; i < 5; i++) {
      shared.climbed(denied, verdict(Cause.INFRASTRUCTURE, Detail.CREDENTIALS));
    }
    assertThat(shared.state("db")).isEqualTo(BreakerState.CLOSED);
    pass(11);
    for (int i = 0; i < 3; i++) {
      shared.climbed(denied, verdict(Cause.INFRASTRUCTURE, Detail.CREDENTIALS));
    }
    assertThat(shared.state("db")).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void theApplicationsMistakesAndReadOnlyNodesOpenNothing() {
    Climb schema = climb(Vantage.SHARED, Rung.FULL_QUERY, null, "42P01");
    Climb slow = climb(Vantage.SHARED, Rung.FULL_QUERY, Signal.SLOW, null);
    Climb readOnly = climb(Vantage.SHARED, Rung.RECOVERY, Signal.READ_ONLY, null);
    Climb frozen = climb(Vantage.SHARED, Rung.SELF, Signal.FROZEN, null);
    Climb busy = climb(Vantage.SHARED, Rung.AUTHENTICATION, Signal.FROZEN, null);
    for (int i = 0; i < 9; i++) {
      shared.climbed(schema, verdict(Cause.APPLICATION, Detail.SCHEMA));
      shared.climbed(slow, verdict(Cause.APPLICATION, Detail.SLOW_QUERY));
      shared.climbed(readOnly, verdict(Cause.INFRASTRUCTURE, Detail.READ_ONLY_NODE));
      shared.climbed(frozen, verdict(Cause.NONE, Detail.SELF_FROZEN));
      shared.climbed(busy, verdict(Cause.NONE, Detail.HEALTHY));
    }
    assertThat(shared.state("db")).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void liveFailuresCountForADependencyOnlyWhileItIsSuspect() {
    fail(shared, Failure.TIMEOUT, 2);
    assertThat(shared.state("db")).isEqualTo(BreakerState.CLOSED);
    bad(shared, Vantage.SHARED, 1);
    fail(shared, Failure.STATUS_5XX, 3);
    assertThat(shared.state("db")).isEqualTo(BreakerState.OPEN);
    assertThat(shared.state("orders")).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void brokenConnectionsCountForTheBackend() {
    bad(shared, Vantage.SHARED, 1);
    fail(shared, Failure.CONNECT, 3);
    assertThat(shared.state("orders")).isEqualTo(BreakerState.OPEN);
    assertThat(shared.state("db")).isEqualTo(BreakerState.CLOSED);
    assertThat(shared.permit("orders", List.of())).isNull();
  }

  @Test
  void aBackendOpensByProbesWithoutAnAnswerAndComesBackByGoodOnes() {
    for (int i = 0; i < 9; i++) {
      shared.probed("orders", answered(503));
    }
    assertThat(shared.state("orders")).isEqualTo(BreakerState.CLOSED);
    for (int i = 0; i < 3; i++) {
      shared.probed("orders", unanswered(Reach.REFUSED));
    }
    assertThat(shared.state("orders")).isEqualTo(BreakerState.OPEN);
    for (int i = 0; i < 3; i++) {
      shared.probed("orders", answered(200));
    }
    assertThat(shared.state("orders")).isEqualTo(BreakerState.HALF_OPEN);
  }

  @Test
  void aSilentBackendOpensItsBreakerOnlyWhileItsDependenciesAnswer() {
    bad(shared, Vantage.SHARED, 1);
    for (int i = 0; i < 9; i++) {
      shared.probed("orders", unanswered(Reach.SILENT));
    }
    assertThat(shared.state("orders")).isEqualTo(BreakerState.CLOSED);
    good(shared, 1);
    for (int i = 0; i < 3; i++) {
      shared.probed("orders", unanswered(Reach.SILENT));
    }
    assertThat(shared.state("orders")).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void aBackendThatNoProbeSpeaksAgainstIsTriedAgain() {
    fail(shared, Failure.RESET, 3);
    pass(29);
    shared.tick();
    assertThat(shared.state("orders")).isEqualTo(BreakerState.OPEN);
    pass(1);
    shared.tick();
    assertThat(shared.state("orders")).isEqualTo(BreakerState.HALF_OPEN);
  }

  @Test
  void oneCanaryPassesPerRetryPeriodAndItsSuccessHalfOpens() {
    bad(remote, Vantage.GATEWAY, 3);
    assertThat(remote.canary("orders", DB)).isFalse();
    pass(30);
    assertThat(remote.canary("orders", DB)).isTrue();
    assertThat(remote.canary("orders", DB)).isFalse();
    remote.served(DB);
    assertThat(remote.state("db")).isEqualTo(BreakerState.HALF_OPEN);
    bad(shared, Vantage.SHARED, 3);
    pass(60);
    assertThat(shared.canary("orders", DB)).isFalse();
    shared.served(DB);
    assertThat(shared.state("db")).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void aPermitSettlesOnce() {
    bad(shared, Vantage.SHARED, 3);
    good(shared, 3);
    Permit permit = shared.permit("orders", DB);
    permit.released();
    permit.succeeded();
    permit.succeeded();
    permit.failed(Failure.TIMEOUT);
    assertThat(shared.state("db")).isEqualTo(BreakerState.HALF_OPEN);
  }

  @Test
  void anOldPermitNeverCountsInALaterPhase() {
    Permit old = shared.permit("orders", DB);
    bad(shared, Vantage.SHARED, 3);
    good(shared, 3);
    old.succeeded();
    Permit one = shared.permit("orders", DB);
    Permit two = shared.permit("orders", DB);
    one.succeeded();
    two.succeeded();
    assertThat(shared.state("db")).isEqualTo(BreakerState.HALF_OPEN);
  }

  @Test
  void aRefusalTakesNoSlotElsewhere() {
    fail(shared, Failure.RESET, 3);
    for (int i = 0; i < 3; i++) {
      shared.probed("orders", answered(200));
    }
    bad(shared, Vantage.SHARED, 3);
    for (int i = 0; i < 10; i++) {
      assertThat(shared.permit("orders", DB)).isNull();
    }
    assertThat(shared.permit("orders", List.of())).isNotNull();
  }

  @Test
  void noPermitLeaksUnderARandomScript() {
    for (int seed = 0; seed < 200; seed++) {
      Breakers breakers = breakers("127.0.0.1");
      script(breakers, new Random(seed), 300);
      recovers(breakers, seed);
    }
  }

  @Test
  void noPermitLeaksBetweenThreads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int seed = 0; seed < 20; seed++) {
        Breakers breakers = new Breakers(config("127.0.0.1"), InstantSource.fixed(NOW), nanos::get);
        CountDownLatch begin = new CountDownLatch(1);
        List<Future<?>> all = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
          Random random = new Random(seed * 31L + t);
          all.add(
              threads.submit(
                  () -> {
                    begin.await();
                    script(breakers, random, 2_000);
                    return null;
                  }));
        }
        begin.countDown();
        for (Future<?> f : all) {
          f.get(20, TimeUnit.SECONDS);
        }
        recovers(breakers, seed);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void script(Breakers breakers, Random random, int steps) {
    List<Permit> held = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      int dice = random.nextInt(10);
      if (dice < 5) {
        Permit permit = breakers.permit("orders", random.nextBoolean() ? DB : List.of());
        if (permit != null) {
          held.add(permit);
        }
      } else if (dice < 8 && !held.isEmpty()) {
        settle(held.remove(random.nextInt(held.size())), random);
      } else if (dice == 8) {
        climbs(breakers, random.nextBoolean() ? null : Signal.REFUSED, Vantage.SHARED, 2);
      } else {
        breakers.probed("orders", random.nextBoolean() ? answered(200) : unanswered(Reach.REFUSED));
      }
    }
    held.forEach(permit -> settle(permit, random));
  }

  private static void settle(Permit permit, Random random) {
    switch (random.nextInt(4)) {
      case 0 -> permit.succeeded();
      case 1 -> permit.released();
      default -> permit.failed(FAILURES.get(random.nextInt(4)));
    }
    if (random.nextBoolean()) {
      permit.released();
    }
  }

  /** With every permit settled, health alone must bring all breakers back. */
  private void recovers(Breakers breakers, int seed) {
    for (int i = 0; i < 24; i++) {
      good(breakers, 1);
      breakers.probed("orders", answered(200));
    }
    for (int i = 0; i < 3; i++) {
      Permit permit = breakers.permit("orders", DB);
      assertThat(permit).as("seed %d", seed).isNotNull();
      permit.succeeded();
    }
    assertThat(breakers.state("db")).as("seed %d", seed).isEqualTo(BreakerState.CLOSED);
    assertThat(breakers.state("orders")).as("seed %d", seed).isEqualTo(BreakerState.CLOSED);
  }

  private Breakers breakers(String host) {
    return new Breakers(
        config(host),
        InstantSource.fixed(NOW),
        nanos::get,
        move -> moves.add(move.id() + " " + move.from() + " " + move.to()));
  }

  private static dev.sluice.config.Configuration config(String host) {
    return Settings.of(host, Settings.dependency("db", true));
  }

  private void pass(int seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }
}
