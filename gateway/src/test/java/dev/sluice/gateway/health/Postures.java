package dev.sluice.gateway.health;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Reach;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Vantage;
import dev.sluice.probes.verdict.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Postures and a configuration to test the surface with. */
public final class Postures {
  public static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  /** A database, a backend beside the gateway, a health route, a cached and a queueing route. */
  public static final String YAML =
      """
      environment: test
      mode: enforce
      listen: { port: 0 }
      admin: { port: 0, token: "let-me-in" }
      store: { url: "sqlite:./data/sluice.db", accept-volatile: true }
      dependencies:
        - { id: orders-db, type: postgresql, url: "postgresql://probe:secret@db.internal:5432/orders" }
      backends:
        - { id: orders, url: "http://127.0.0.1:8081", depends-on: [orders-db], health: { path: /health } }
      routes:
        - { id: orders-health, match: { path: /health/orders }, backend: orders, kind: health }
        - id: orders-read
          match: { path: "/api/orders/**", methods: [GET, HEAD] }
          backend: orders
          reads: { cache: fallback, principal: public, max-stale: 15m }
      """;

  private Postures() {}

  public static Configuration configuration(String yaml) {
    try {
      Path file = Files.createTempFile("sluice", ".yaml");
      Files.writeString(file, yaml);
      var result = ConfigurationLoader.load(List.of(file), name -> null);
      Files.delete(file);
      if (result.configuration() == null) {
        throw new IllegalArgumentException(result.problems().toString());
      }
      return result.configuration();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Configuration configuration() {
    return configuration(YAML);
  }

  public static Verdict verdict(String subject, Cause cause, Detail detail) {
    return new Verdict(
        subject,
        cause,
        detail,
        .93,
        List.of(),
        "The way to " + subject + " is broken.",
        "Look at the connector.",
        "infrastructure",
        NOW,
        null);
  }

  /**
   * One dependency with this fault, its breaker open unless the cause is NONE.
   *
   * @param well it was wholly well once
   */
  public static Posture posture(ServiceMode mode, Cause cause, Detail detail, boolean well) {
    return posture(mode, cause, detail, well, answer(503));
  }

  public static Posture posture(
      ServiceMode mode,
      Cause cause,
      Detail detail,
      boolean well,
      @Nullable BackendHealth backendHealth) {
    Verdict verdict =
        cause == Cause.NONE && detail == Detail.HEALTHY
            ? Verdict.healthy("orders-db", NOW)
            : verdict("orders-db", cause, detail);
    BreakerState breaker = cause == Cause.NONE ? BreakerState.CLOSED : BreakerState.OPEN;
    Sample sample =
        cause == Cause.NONE
            ? Sample.good("orders-db", Rung.TCP, Vantage.SHARED, 4)
            : Sample.bad("orders-db", Rung.TCP, Vantage.SHARED, 1200, "timeout", "no answer");
    Climb climb = new Climb("orders-db", NOW, Vantage.SHARED, List.of(sample));
    return new Posture(
        NOW,
        NOW.minusSeconds(60),
        mode,
        Map.of(
            "orders-db",
            new DependencyStatus(
                "orders-db",
                verdict,
                breaker,
                false,
                true,
                well,
                cause != Cause.NONE,
                climb,
                null)),
        Map.of(
            "orders",
            new BackendStatus(
                "orders",
                Verdict.healthy("orders", NOW),
                BreakerState.CLOSED,
                backendHealth,
                backendHealth,
                mode)),
        verdict,
        false);
  }

  /** What a backend said of itself; 0 is silence. */
  public static BackendHealth answer(int status) {
    return status == 0
        ? BackendHealth.unanswered(NOW, Reach.SILENT, "no answer")
        : BackendHealth.answered(NOW, status, "told", List.of(), null);
  }

  public static Posture healthy() {
    return posture(ServiceMode.FULL, Cause.NONE, Detail.HEALTHY, true, answer(200));
  }

  public static Posture outage() {
    return posture(ServiceMode.DB_DEGRADED, Cause.INFRASTRUCTURE, Detail.VPC_PATH, true);
  }
}
