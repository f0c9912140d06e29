package dev.sluice.probes.monitor;

import dev.sluice.config.Backend;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.verdict.PoolFigures;
import dev.sluice.probes.verdict.Report;
import dev.sluice.probes.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the monitor remembers of one backend; touched by the monitor's thread alone. */
final class Fronted {
  private static final Duration ALERT = Duration.ofSeconds(1);
  private static final Duration UNSAID = Duration.ofSeconds(5);

  final Backend backend;
  private @Nullable BackendHealth health;
  private Verdict verdict;

  Fronted(Backend backend, Instant now) {
    this.backend = backend;
    this.verdict = Verdict.warmUp(backend.id(), now);
  }

  void heard(BackendHealth answer) {
    health = answer;
  }

  Verdict verdict() {
    return verdict;
  }

  void judged(Verdict now) {
    verdict = now;
  }

  @Nullable Report report() {
    BackendHealth h = health;
    return h == null
        ? null
        : new Report(h.ok(), h.status() != 0, h.text() + " " + h.body(), backend.health() != null);
  }

  @Nullable PoolFigures pool() {
    return health == null ? null : PoolFigures.in(health.body());
  }

  Duration pause(BreakerState breaker) {
    Backend.HealthProbe probe = backend.health();
    Duration usual = probe == null ? UNSAID : probe.interval();
    boolean alert = breaker != BreakerState.CLOSED || (health != null && !health.ok());
    return alert && ALERT.compareTo(usual) < 0 ? ALERT : usual;
  }

  BackendStatus status(BreakerState breaker) {
    return new BackendStatus(backend.id(), verdict, breaker, health);
  }
}
