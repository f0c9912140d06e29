package dev.sluice.gateway.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Configuration;
import dev.sluice.fallback.cache.Runway;
import dev.sluice.gateway.alerts.Alarm.Severity;
import dev.sluice.gateway.health.Postures;
import dev.sluice.gateway.validate.Revalidated;
import dev.sluice.gateway.validate.Validated;
import dev.sluice.probes.history.PathFigures;
import dev.sluice.probes.history.PoolSeries;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.validation.Outcome;
import dev.sluice.probes.validation.Step;
import dev.sluice.probes.validation.Suite;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Reach;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Tier;
import dev.sluice.probes.verdict.Vantage;
import dev.sluice.probes.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Faults with what follows from them, and warnings that no fault explains. */
final class AlarmsTest {
  private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
  private static final Configuration FILE =
      Postures.configuration(
          """
          environment: test
          dependencies:
            - { id: db, type: tcp, url: "tcp://127.0.0.1:1", network: vpc }
            - { id: cache, type: tcp, url: "tcp://127.0.0.1:2", network: vpc, required: false }
          networks: [ { id: vpc, kind: vpc-connector } ]
          backends:
            - { id: orders, url: "http://127.0.0.1:3", depends-on: [db, cache] }
          routes:
            - { id: read, match: { path: "/read" }, backend: orders, impact: "nobody can read" }
            - { id: write, match: { path: "/write" }, backend: orders, impact: "nobody can order" }
          """);

  /** All is well; the way to the database is by TLS. */
  private static Posture showing(Instant ends, Instant beside) {
    Posture posture = posture(BreakerState.CLOSED);
    Map<String, DependencyStatus> dependencies = new LinkedHashMap<>(posture.dependencies());
    dependencies.put(
        "db",
        new DependencyStatus(
            "db",
            said("db"),
            BreakerState.CLOSED,
            false,
            true,
            true,
            false,
            climb(Vantage.GATEWAY, ends),
            climb(Vantage.AGENT, beside)));
    return new Posture(
        NOW, NOW, ServiceMode.FULL, dependencies, posture.backends(), posture.headline(), false);
  }

  private static Climb climb(Vantage from, Instant ends) {
    Sample tls =
        new Sample("db", Rung.TLS, from, true, 3, null, List.of(), null, false, null, null, ends);
    return new Climb("db", NOW, from, List.of(tls));
  }

  @Test
  void aDependencysCertificateIsToldBeforeItEnds() {
    Instant late = NOW.plus(Duration.ofDays(400));
    assertThat(Alarms.of(FILE, showing(late, late), Signs.NONE, NOW)).isEmpty();
    List<Alarm> found =
        Alarms.of(FILE, showing(late, NOW.plus(Duration.ofDays(2))), Signs.NONE, NOW);
    assertThat(found).singleElement().extracting(Alarm::key).isEqualTo("certificate-db");
    assertThat(found.get(0).sentence())
        .isEqualTo("The certificate of db ends at 2026-12-02T10:00:00Z.");
  }

  /** A backend that falls silent has shown it before. */
  @Test
  void aBackendsCertificateIsToldBeforeItEnds() {
    BackendHealth soon =
        BackendHealth.answered(NOW, 200, "200 OK", List.of(), null)
            .showing(NOW.plus(Duration.ofDays(2)));
    BackendHealth silent = BackendHealth.unanswered(NOW, Reach.SILENT, "no answer");
    for (BackendHealth last : List.of(soon, silent)) {
      List<Alarm> found = Alarms.of(FILE, heard(last, soon), Signs.NONE, NOW);
      assertThat(found).extracting(Alarm::key).contains("certificate-orders");
    }
    BackendHealth renewed = soon.showing(NOW.plus(Duration.ofDays(400)));
    assertThat(Alarms.of(FILE, heard(renewed, soon), Signs.NONE, NOW)).isEmpty();
  }

  private static Posture heard(BackendHealth last, BackendHealth standing) {
    Posture posture = posture(BreakerState.CLOSED);
    BackendStatus orders =
        new BackendStatus(
            "orders", said("orders"), BreakerState.CLOSED, last, standing, ServiceMode.FULL);
    return new Posture(
        NOW,
        NOW,
        ServiceMode.FULL,
        posture.dependencies(),
        Map.of("orders", orders),
        posture.headline(),
        false);
  }

  private static Posture posture(BreakerState breaker, Verdict... said) {
    Map<String, DependencyStatus> dependencies = new LinkedHashMap<>();
    for (String id : List.of("db", "cache")) {
      Verdict verdict = said(id, said);
      BreakerState state = verdict.cause() == Cause.NONE ? BreakerState.CLOSED : breaker;
      dependencies.put(
          id, new DependencyStatus(id, verdict, state, false, true, true, false, null, null));
    }
    Verdict own = said("orders", said);
    BackendStatus orders =
        new BackendStatus("orders", own, BreakerState.CLOSED, null, null, ServiceMode.FULL);
    return new Posture(
        NOW, NOW, ServiceMode.FULL, dependencies, Map.of("orders", orders), own, false);
  }

  private static Verdict said(String id, Verdict... said) {
    for (Verdict verdict : said) {
      if (verdict.subject().equals(id)) {
        return verdict;
      }
    }
    return Verdict.healthy(id, NOW);
  }

  private static List<Alarm> of(Posture posture, Signs signs) {
    return Alarms.of(FILE, posture, signs, NOW);
  }

  private static Signs signs(Duration oldest, long parked, Integer disk, Instant certificate) {
    return new Signs(
        List.of(new PathFigures("db", Tier.CONNECT, 900, 900, 40, 1, 40, 6)),
        List.of(new PoolSeries("orders", 9, 10, 10, 3, 10)),
        List.of(new Runway("read", 5, Duration.ofSeconds(10), Duration.ofMinutes(2))),
        oldest,
        parked,
        Set.of("gone"),
        disk,
        certificate,
        List.of());
  }

  @Test
  void allThatIsLostOverOneNetworkIsOneFault() {
    Posture posture =
        posture(
            BreakerState.OPEN,
            Postures.verdict("db", Cause.INFRASTRUCTURE, Detail.VPC_PATH),
            Postures.verdict("cache", Cause.INFRASTRUCTURE, Detail.VPC_PATH),
            Postures.verdict("orders", Cause.UNKNOWN, Detail.PLATFORM_OR_APP));
    assertThat(of(posture, Signs.NONE))
        .singleElement()
        .satisfies(
            alarm -> {
              assertThat(alarm.subjects()).containsExactlyInAnyOrder("db", "cache", "orders");
              assertThat(alarm.severity()).isEqualTo(Severity.CRITICAL);
              assertThat(alarm.routes()).containsExactly("read", "write");
              assertThat(alarm.impacts()).containsExactly("nobody can read", "nobody can order");
            });
  }

  @Test
  void whatNobodyNeedsIsAWarning() {
    Posture posture =
        posture(
            BreakerState.OPEN,
            Postures.verdict("cache", Cause.INFRASTRUCTURE, Detail.SERVER_REFUSING));
    assertThat(of(posture, Signs.NONE))
        .singleElement()
        .satisfies(alarm -> assertThat(alarm.severity()).isEqualTo(Severity.WARNING));
  }

  @Test
  void nothingIsWrongWhileNothingIs() {
    assertThat(of(posture(BreakerState.CLOSED), Signs.NONE)).isEmpty();
    Signs little =
        new Signs(
            List.of(),
            List.of(),
            List.of(),
            Duration.ofMinutes(1),
            0,
            Set.of(),
            50,
            NOW.plus(Duration.ofDays(60)),
            List.of());
    assertThat(of(posture(BreakerState.CLOSED), little)).isEmpty();
  }

  @Test
  void aScheduledValidationThatDoesNotHoldIsTold() {
    Step slow = Step.of("usual days", "db", Outcome.FAILED, "90 of 100 took longer", Duration.ZERO);
    Validated found =
        new Validated("test", Suite.PERFORMANCE, NOW, Duration.ofSeconds(2), List.of(slow));
    Signs signs =
        new Signs(
            List.of(),
            List.of(),
            List.of(),
            null,
            0,
            Set.of(),
            null,
            null,
            List.of(new Revalidated(Revalidated.Trigger.SCHEDULE, "performance", found)));
    Alarm alarm = of(posture(BreakerState.CLOSED), signs).get(0);
    assertThat(alarm.key()).isEqualTo("validation-performance");
    assertThat(alarm.sentence())
        .isEqualTo(
            "Validation of schedule performance: not well: usual days of db: 90 of 100 took longer.");
  }

  @Test
  void whatHasNotFailedYetIsWorthAWord() {
    Signs signs = signs(Duration.ofMinutes(20), 2, 5, NOW.plus(Duration.ofDays(3)));
    assertThat(of(posture(BreakerState.CLOSED), signs))
        .extracting(Alarm::key)
        .containsExactlyInAnyOrder(
            "degrading-db",
            "pool-orders",
            "queue-age",
            "writes-parked",
            "writes-orphaned",
            "disk-space",
            "certificate");
  }

  @Test
  void whatAnOutageExplainsIsNotToldBesideIt() {
    Posture posture =
        posture(BreakerState.OPEN, Postures.verdict("db", Cause.INFRASTRUCTURE, Detail.VPC_PATH));
    Signs signs = signs(Duration.ofMinutes(20), 0, 50, null);
    assertThat(of(posture, signs))
        .extracting(Alarm::key)
        .containsExactlyInAnyOrder("db", "pool-orders", "writes-orphaned", "runway-read");
  }

  @Test
  void ofWhatIsNotKnownTheEndIsNotKnown() {
    Posture posture = posture(BreakerState.CLOSED, Verdict.warmUp("db", NOW));
    assertThat(Alarms.unknown(posture)).containsExactly("db");
  }
}
