package dev.sluice.probes.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.probes.breaker.Failure;
import dev.sluice.probes.breaker.Permit;
import dev.sluice.probes.breaker.Settings;
import dev.sluice.probes.ladder.Ladder;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class MonitorTest {
  private static final List<String> DB = List.of("db");
  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final AtomicLong skipped = new AtomicLong();
  private final Map<String, String> signals = new HashMap<>();
  private final List<Boolean> fulls = new ArrayList<>();
  private final List<Posture> published = new ArrayList<>();
  private final List<String> changes = new ArrayList<>();
  private Rung rung = Rung.TCP;
  private Duration slowness = Duration.ofMillis(5);
  private boolean backendUp = true;
  private int underWay;
  private int most;
  private final Configuration settings = Settings.of("127.0.0.1", Settings.dependency("db", true));
  private final Monitor monitor = monitor(settings);

  @AfterEach
  void close() {
    monitor.close();
  }

  @Test
  void provesAHealthyDependencyWithinASecond() {
    monitor.start();
    pass(1);
    assertThat(monitor.posture().mode()).isEqualTo(ServiceMode.FULL);
    assertThat(db().proven()).isTrue();
    assertThat(monitor.posture().warmUp()).isFalse();
    assertThat(monitor.posture().headline().detail()).isEqualTo(Detail.HEALTHY);
    assertThat(published).isNotEmpty();
  }

  @Test
  void climbsOnItsIntervalWithTheFullTierOnItsOwn() {
    monitor.start();
    pass(59);
    assertThat(fulls.size()).isBetween(11, 14);
    assertThat(fulls.stream().filter(f -> f)).hasSize(1);
    pass(10);
    assertThat(fulls.stream().filter(f -> f)).hasSize(2);
  }

  @Test
  void neverClimbsTwiceAtOnce() {
    slowness = Duration.ofSeconds(4);
    monitor.start();
    for (int i = 0; i < 300; i++) {
      monitor.witness().failed("orders", DB, Failure.TIMEOUT);
      time.advanceTimeBy(Duration.ofMillis(100));
    }
    assertThat(most).isEqualTo(1);
  }

  @Test
  void anOutageOpensTheBreakerAndNamesTheServer() {
    monitor.start();
    pass(10);
    signals.put("db", Signal.REFUSED);
    pass(10);
    assertThat(db().breaker()).isEqualTo(BreakerState.OPEN);
    assertThat(db().verdict().detail()).isEqualTo(Detail.SERVER_REFUSING);
    assertThat(monitor.posture().mode()).isEqualTo(ServiceMode.DB_DEGRADED);
    assertThat(monitor.posture().anyOpen()).isTrue();
    assertThat(changes).contains("db CLOSED OPEN");
  }

  @Test
  void aBlackHoleOfTheControlTooIsTheNetworks() {
    monitor.start();
    pass(10);
    signals.put("db", Signal.TIMEOUT);
    signals.put("host", Signal.TIMEOUT);
    pass(12);
    assertThat(db().verdict().detail()).isEqualTo(Detail.VPC_PATH);
    assertThat(monitor.posture().mode()).isEqualTo(ServiceMode.INFRA_FAILURE);
  }

  @Test
  void recoversByClimbsAndThenLiveCalls() {
    monitor.start();
    signals.put("db", Signal.REFUSED);
    pass(20);
    signals.clear();
    pass(4);
    assertThat(db().breaker()).isEqualTo(BreakerState.HALF_OPEN);
    for (int i = 0; i < 3; i++) {
      Permit permit = monitor.breakers().permit("orders", DB);
      assertThat(permit).isNotNull();
      permit.succeeded();
    }
    pass(1);
    assertThat(db().breaker()).isEqualTo(BreakerState.CLOSED);
    assertThat(monitor.posture().mode()).isEqualTo(ServiceMode.FULL);
  }

  @Test
  void withoutTrafficItClosesByItself() {
    monitor.start();
    signals.put("db", Signal.REFUSED);
    pass(20);
    signals.clear();
    pass(20);
    assertThat(db().breaker()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void startedInAnOutageItWarmsUpForThreeClimbsAndThenOpensSoon() {
    signals.put("db", Signal.REFUSED);
    monitor.start();
    time.advanceTimeBy(Duration.ofMillis(1_500));
    assertThat(db().verdict().detail()).isEqualTo(Detail.WARM_UP);
    assertThat(db().breaker()).isEqualTo(BreakerState.CLOSED);
    pass(3);
    assertThat(db().verdict().detail()).isEqualTo(Detail.SERVER_REFUSING);
    assertThat(db().breaker()).isEqualTo(BreakerState.OPEN);
    assertThat(db().proven()).isFalse();
  }

  @Test
  void aLiveFailureClimbsAtOnceButOnceASecond() {
    monitor.start();
    time.advanceTimeBy(Duration.ofMillis(1_500));
    int before = fulls.size();
    for (int i = 0; i < 100; i++) {
      monitor.witness().answered("orders", DB, 503, false);
      time.advanceTimeBy(Duration.ofMillis(10));
    }
    assertThat(fulls.size() - before).isBetween(1, 2);
  }

  @Test
  void aReadOnlyNodeDegradesAndOpensNothing() {
    rung = Rung.RECOVERY;
    signals.put("db", Signal.READ_ONLY);
    monitor.start();
    pass(10);
    assertThat(db().readOnly()).isTrue();
    assertThat(db().breaker()).isEqualTo(BreakerState.CLOSED);
    assertThat(monitor.posture().mode()).isEqualTo(ServiceMode.DB_DEGRADED);
    assertThat(monitor.posture().readOnly(DB)).isTrue();
  }

  @Test
  void markedErrorsAreTheApplicationsAndChangeNoMode() {
    monitor.start();
    pass(5);
    for (int i = 0; i < 5; i++) {
      monitor.witness().answered("orders", DB, 500, true);
    }
    pass(2);
    assertThat(monitor.posture().backends().get("orders").verdict().detail())
        .isEqualTo(Detail.APP_ERROR);
    assertThat(monitor.posture().mode()).isEqualTo(ServiceMode.FULL);
    pass(12);
    assertThat(monitor.posture().headline().detail()).isEqualTo(Detail.HEALTHY);
  }

  @Test
  void aBackendThatIsGoneIsDown() {
    monitor.start();
    pass(5);
    backendUp = false;
    pass(10);
    assertThat(monitor.posture().backends().get("orders").verdict().detail())
        .isEqualTo(Detail.APP_DOWN);
    assertThat(monitor.posture().backends().get("orders").breaker()).isEqualTo(BreakerState.OPEN);
    assertThat(db().breaker()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void whatWasMeasuredWhileTheProcessStoodStillIsVoid() {
    monitor.start();
    pass(10);
    slowness = Duration.ofSeconds(2);
    signals.put("db", Signal.TIMEOUT);
    monitor.witness().failed("orders", DB, Failure.TIMEOUT);
    time.advanceTimeBy(Duration.ofMillis(500));
    skipped.addAndGet(TimeUnit.SECONDS.toNanos(60));
    signals.clear();
    pass(3);
    assertThat(db().verdict().detail()).isEqualTo(Detail.HEALTHY);
    assertThat(db().suspect()).isFalse();
  }

  @Test
  void aListenerThatFailsDisturbsNothing() {
    try (Monitor other =
        new Monitor(
            settings,
            this::instant,
            this::nanos,
            posture -> {
              throw new IllegalStateException("receiver");
            },
            new MonitorListener() {},
            probing(),
            time)) {
      other.start();
      pass(10);
      assertThat(other.posture().mode()).isEqualTo(ServiceMode.FULL);
    }
  }

  @Test
  void aDiagnosisClimbsThreeTimesAndJudgesWithoutAWarmUp() {
    signals.put("db", Signal.REFUSED);
    List<Diagnosis.Finding> found = new ArrayList<>();
    Diagnosis.run(settings, this::instant, probing()).subscribe(found::addAll);
    pass(2);
    assertThat(fulls).hasSize(3);
    assertThat(found)
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.verdict().detail()).isEqualTo(Detail.SERVER_REFUSING);
              assertThat(f.verdict().confidence()).isEqualTo(.8);
            });
  }

  private DependencyStatus db() {
    return monitor.posture().dependencies().get("db");
  }

  private void pass(int seconds) {
    time.advanceTimeBy(Duration.ofSeconds(seconds));
  }

  private long nanos() {
    return time.now(TimeUnit.NANOSECONDS) + skipped.get();
  }

  private Instant instant() {
    return Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS));
  }

  private Monitor monitor(Configuration configuration) {
    MonitorListener listener =
        new MonitorListener() {
          @Override
          public void breaker(String id, BreakerState from, BreakerState to) {
            changes.add(id + " " + from + " " + to);
          }
        };
    return new Monitor(
        configuration, this::instant, this::nanos, published::add, listener, probing(), time);
  }

  private Mono<Climb> climb(String id, Vantage vantage) {
    return Mono.delay(slowness, time).map(tick -> result(id, vantage));
  }

  private Climb result(String id, Vantage vantage) {
    String signal = signals.get(id);
    Sample one = Sample.good(id, Rung.SELECT_ONE, vantage, 1);
    Rung failing = id.equals("db") ? rung : Rung.TCP;
    boolean late = failing == Rung.RECOVERY;
    if (signal == null) {
      return new Climb(id, instant(), vantage, List.of(one));
    }
    Sample failed = Sample.bad(id, failing, vantage, 5, signal, "as told");
    return new Climb(id, instant(), vantage, late ? List.of(one, failed) : List.of(failed));
  }

  private Probing probing() {
    return new Probing() {
      @Override
      public Ladder dependency(Dependency dependency) {
        return full ->
            Mono.defer(
                () -> {
                  fulls.add(full);
                  most = Math.max(most, ++underWay);
                  return climb(dependency.id(), Vantage.SHARED).doFinally(end -> underWay--);
                });
      }

      @Override
      public Ladder control(Control control) {
        return full -> climb(control.id(), Vantage.GATEWAY);
      }

      @Override
      public Mono<BackendHealth> backend(Backend backend) {
        return Mono.fromSupplier(
            () -> new BackendHealth(instant(), backendUp ? 200 : 0, "told", "", backendUp));
      }

      @Override
      public void close() {}
    };
  }
}
