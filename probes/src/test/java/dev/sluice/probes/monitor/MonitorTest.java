package dev.sluice.probes.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.breaker.Failure;
import dev.sluice.probes.breaker.Permit;
import dev.sluice.probes.breaker.Settings;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MonitorTest {
  private static final List<String> DB = List.of("db");
  private final VirtualWorld world =
      new VirtualWorld(Settings.of("127.0.0.1", Settings.dependency("db", true)));
  private final Monitor monitor = world.monitor;

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void provesAHealthyDependencyWithinASecond() {
    monitor.start();
    world.pass(1);
    assertThat(monitor.posture().mode()).isEqualTo(ServiceMode.FULL);
    assertThat(world.db().proven()).isTrue();
    assertThat(monitor.posture().warmUp()).isFalse();
    assertThat(monitor.posture().headline().detail()).isEqualTo(Detail.HEALTHY);
    assertThat(world.published).isNotEmpty();
  }

  @Test
  void climbsOnItsIntervalWithTheFullTierOnItsOwn() {
    monitor.start();
    world.pass(59);
    assertThat(world.fulls.size()).isBetween(11, 14);
    assertThat(world.fulls.stream().filter(f -> f)).hasSize(1);
    world.pass(10);
    assertThat(world.fulls.stream().filter(f -> f)).hasSize(2);
  }

  @Test
  void neverClimbsTwiceAtOnce() {
    world.slowness = Duration.ofSeconds(4);
    monitor.start();
    for (int i = 0; i < 300; i++) {
      monitor.witness().failed("orders", DB, Failure.TIMEOUT);
      world.time.advanceTimeBy(Duration.ofMillis(100));
    }
    assertThat(world.most).isEqualTo(1);
  }

  @Test
  void anOutageOpensTheBreakerAndNamesTheServer() {
    monitor.start();
    world.pass(10);
    world.signals.put("db", Signal.REFUSED);
    world.pass(10);
    assertThat(world.db().breaker()).isEqualTo(BreakerState.OPEN);
    assertThat(world.db().verdict().detail()).isEqualTo(Detail.SERVER_REFUSING);
    assertThat(monitor.posture().mode()).isEqualTo(ServiceMode.DB_DEGRADED);
    assertThat(monitor.posture().anyOpen()).isTrue();
    assertThat(world.changes).contains("db CLOSED OPEN");
  }

  @Test
  void aBlackHoleOfTheControlTooIsTheNetworks() {
    monitor.start();
    world.pass(10);
    world.signals.put("db", Signal.TIMEOUT);
    world.signals.put("host", Signal.TIMEOUT);
    world.pass(12);
    assertThat(world.db().verdict().detail()).isEqualTo(Detail.VPC_PATH);
    assertThat(monitor.posture().mode()).isEqualTo(ServiceMode.INFRA_FAILURE);
  }

  @Test
  void recoversByClimbsAndThenLiveCalls() {
    monitor.start();
    world.signals.put("db", Signal.REFUSED);
    world.pass(20);
    world.signals.clear();
    world.pass(4);
    assertThat(world.db().breaker()).isEqualTo(BreakerState.HALF_OPEN);
    for (int i = 0; i < 3; i++) {
      Permit permit = monitor.breakers().permit("orders", DB);
      assertThat(permit).isNotNull();
      permit.succeeded();
    }
    world.pass(1);
    assertThat(world.db().breaker()).isEqualTo(BreakerState.CLOSED);
    assertThat(monitor.posture().mode()).isEqualTo(ServiceMode.FULL);
  }

  @Test
  void withoutTrafficItClosesByItself() {
    monitor.start();
    world.signals.put("db", Signal.REFUSED);
    world.pass(20);
    world.signals.clear();
    world.pass(20);
    assertThat(world.db().breaker()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void startedInAnOutageItWarmsUpForThreeClimbsAndThenOpensSoon() {
    world.signals.put("db", Signal.REFUSED);
    monitor.start();
    world.time.advanceTimeBy(Duration.ofMillis(1_500));
    assertThat(world.db().verdict().detail()).isEqualTo(Detail.WARM_UP);
    assertThat(world.db().breaker()).isEqualTo(BreakerState.CLOSED);
    world.pass(3);
    assertThat(world.db().verdict().detail()).isEqualTo(Detail.SERVER_REFUSING);
    assertThat(world.db().breaker()).isEqualTo(BreakerState.OPEN);
    assertThat(world.db().proven()).isFalse();
  }

  @Test
  void aLiveFailureClimbsAtOnceButOnceASecond() {
    monitor.start();
    world.time.advanceTimeBy(Duration.ofMillis(1_500));
    int before = world.fulls.size();
    for (int i = 0; i < 100; i++) {
      monitor.witness().answered("orders", DB, 503, false);
      world.time.advanceTimeBy(Duration.ofMillis(10));
    }
    assertThat(world.fulls.size() - before).isBetween(1, 2);
  }

  @Test
  void aSlowRequestClimbsAtOnceButOnceASecond() {
    monitor.start();
    world.time.advanceTimeBy(Duration.ofMillis(1_500));
    int before = world.fulls.size();
    for (int i = 0; i < 300; i++) {
      monitor.witness().slow("orders", DB);
      world.time.advanceTimeBy(Duration.ofMillis(10));
    }
    assertThat(world.fulls.size() - before).isBetween(3, 4);
    assertThat(world.db().verdict().detail()).isEqualTo(Detail.HEALTHY);
  }

  @Test
  void untilAllHeldOnceEveryClimbTakesTheFullTier() {
    world.signals.put("db", Signal.REFUSED);
    monitor.start();
    world.pass(5);
    world.signals.clear();
    for (int tenths = 0; tenths < 20 && !world.db().wellOnce(); tenths++) {
      world.pass(Duration.ofMillis(100));
    }
    assertThat(world.db().wellOnce()).isTrue();
    assertThat(world.fulls).hasSizeGreaterThan(3).doesNotContain(false);
    world.pass(20);
    assertThat(world.fulls.subList(world.fulls.size() - 3, world.fulls.size())).containsOnly(false);
  }

  @Test
  void aSchemaThatNeverHeldIsProvenAndNeverWell() {
    world.rung = Rung.FULL_QUERY;
    world.state = "42P01";
    world.signals.put("db", Signal.SLOW);
    monitor.start();
    world.pass(60);
    assertThat(world.db().verdict().detail()).isEqualTo(Detail.SCHEMA);
    assertThat(world.db().proven()).isTrue();
    assertThat(world.db().wellOnce()).isFalse();
  }

  @Test
  void anOptionalDependencyWarmsNothingUp() {
    try (VirtualWorld other =
        new VirtualWorld(
            Settings.of(
                "127.0.0.1", Settings.dependency("db", true), Settings.dependency("x", false)))) {
      other.signals.put("x", Signal.TIMEOUT);
      other.monitor.start();
      other.pass(1);
      assertThat(other.monitor.posture().dependencies().get("x").verdict().detail())
          .isEqualTo(Detail.WARM_UP);
      assertThat(other.monitor.posture().warmUp()).isFalse();
    }
  }

  @Test
  void intervalsOfASecondHaveTheirJitterToo() {
    world.signals.put("db", Signal.REFUSED);
    List<Long> at = new ArrayList<>();
    monitor.start();
    int seen = 0;
    for (int i = 0; i < 10_000; i++) {
      world.time.advanceTimeBy(Duration.ofMillis(1));
      if (world.fulls.size() > seen) {
        seen = world.fulls.size();
        at.add(world.nanos() / 1_000_000);
      }
    }
    List<Long> pauses = new ArrayList<>();
    for (int i = 1; i < at.size(); i++) {
      pauses.add(at.get(i) - at.get(i - 1));
    }
    assertThat(pauses).allMatch(p -> p >= 900 && p <= 1_110);
    assertThat(new HashSet<>(pauses)).hasSizeGreaterThan(3);
  }

  @Test
  void aReadOnlyNodeDegradesAndOpensNothing() {
    world.rung = Rung.RECOVERY;
    world.signals.put("db", Signal.READ_ONLY);
    monitor.start();
    world.pass(10);
    assertThat(world.db().readOnly()).isTrue();
    assertThat(world.db().breaker()).isEqualTo(BreakerState.CLOSED);
    assertThat(monitor.posture().mode()).isEqualTo(ServiceMode.DB_DEGRADED);
    assertThat(monitor.posture().readOnly(DB)).isTrue();
  }

  @Test
  void markedErrorsAreTheApplicationsAndChangeNoMode() {
    monitor.start();
    world.pass(5);
    for (int i = 0; i < 5; i++) {
      monitor.witness().answered("orders", DB, 500, true);
    }
    world.pass(2);
    assertThat(world.orders().verdict().detail()).isEqualTo(Detail.APP_ERROR);
    assertThat(monitor.posture().mode()).isEqualTo(ServiceMode.FULL);
    world.pass(12);
    assertThat(monitor.posture().headline().detail()).isEqualTo(Detail.HEALTHY);
  }

  @Test
  void aBackendThatIsGoneIsDown() {
    monitor.start();
    world.pass(5);
    world.health = VirtualWorld::gone;
    world.pass(10);
    assertThat(world.orders().verdict().detail()).isEqualTo(Detail.APP_DOWN);
    assertThat(world.orders().breaker()).isEqualTo(BreakerState.OPEN);
    assertThat(world.db().breaker()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void whatWasMeasuredWhileTheProcessStoodStillIsVoid() {
    monitor.start();
    world.pass(10);
    world.slowness = Duration.ofSeconds(2);
    world.signals.put("db", Signal.TIMEOUT);
    monitor.witness().failed("orders", DB, Failure.TIMEOUT);
    world.time.advanceTimeBy(Duration.ofMillis(500));
    world.skipped.addAndGet(TimeUnit.SECONDS.toNanos(60));
    world.signals.clear();
    world.pass(3);
    assertThat(world.db().verdict().detail()).isEqualTo(Detail.HEALTHY);
    assertThat(world.db().suspect()).isFalse();
  }

  @Test
  void aListenerThatFailsDisturbsNothing() {
    try (Monitor other =
        world.monitor(
            (of, posture) -> {
              throw new IllegalStateException("receiver");
            },
            new MonitorListener() {})) {
      other.start();
      world.pass(10);
      assertThat(other.posture().mode()).isEqualTo(ServiceMode.FULL);
    }
  }
}
