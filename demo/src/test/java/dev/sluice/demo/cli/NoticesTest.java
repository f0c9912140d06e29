package dev.sluice.demo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NoticesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Verdict HEALTHY = Verdict.healthy("db", NOW);

  @Test
  void nothingIsToldWhileNothingChanges() {
    Posture posture = posture(HEALTHY, BreakerState.CLOSED, ServiceMode.FULL);
    assertThat(Notices.changes(posture, posture)).isEmpty();
    Posture surer = posture(refusing(0.9), BreakerState.OPEN, ServiceMode.DB_DEGRADED);
    Posture before = posture(refusing(0.7), BreakerState.OPEN, ServiceMode.DB_DEGRADED);
    assertThat(Notices.changes(before, surer)).isEmpty();
  }

  @Test
  void verdictBreakerAndModeAreToldInThisOrder() {
    Posture before = posture(HEALTHY, BreakerState.CLOSED, ServiceMode.FULL);
    Posture after = posture(refusing(0.7), BreakerState.OPEN, ServiceMode.DB_DEGRADED);
    assertThat(Notices.changes(before, after))
        .containsExactly(
            "db: INFRASTRUCTURE server-refusing (0.70), owner infrastructure. It refuses.",
            "breaker of db open, was closed",
            "mode db-degraded, was full");
    assertThat(Notices.changes(after, before))
        .containsExactly(
            "db is healthy.", "breaker of db closed, was open", "mode full, was db-degraded");
  }

  @Test
  void aLongSentenceIsClipped() {
    Verdict wordy =
        new Verdict(
            "db",
            Cause.UNKNOWN,
            Detail.APP_SILENT,
            0.5,
            List.of(),
            "no end ".repeat(100),
            "",
            "development",
            NOW,
            null);
    assertThat(Notices.text(wordy)).hasSizeLessThan(250).endsWith(" ...");
  }

  private static Verdict refusing(double confidence) {
    return new Verdict(
        "db",
        Cause.INFRASTRUCTURE,
        Detail.SERVER_REFUSING,
        confidence,
        List.of(),
        "It refuses.",
        "Start it.",
        "infrastructure",
        NOW,
        null);
  }

  private static Posture posture(Verdict verdict, BreakerState breaker, ServiceMode mode) {
    DependencyStatus db =
        new DependencyStatus("db", verdict, breaker, false, true, true, false, null, null);
    BackendStatus backend =
        new BackendStatus(
            "app", Verdict.healthy("app", NOW), BreakerState.CLOSED, null, null, mode);
    return new Posture(NOW, NOW, mode, Map.of("db", db), Map.of("app", backend), verdict, false);
  }
}
