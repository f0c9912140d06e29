package dev.sluice.gateway.health;

import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.config.Health;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Detail;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The gateway's own health answers. Pure: no clock, no waiting. Bodies without {@code full} name
 * neither components nor causes in detail; they give the status, the mode, the verdict's cause and
 * every component's status without its name.
 *
 * <p>{@code fail} goes with 503, {@code pass} and {@code warn} with 200.
 */
public final class HealthAnswers {
  /** Faults of this revision's own settings: a revision with one of these must not go live. */
  private static final Set<Detail> WRONG_REVISION =
      Set.of(Detail.CREDENTIALS, Detail.MISSING_DATABASE, Detail.TLS, Detail.SCHEMA);

  /** Written out: the first answer after a start does not wait for a JSON library to load. */
  private static final HealthAnswer LIVE =
      new HealthAnswer(200, "{\"status\":\"pass\"}".getBytes(StandardCharsets.UTF_8));

  private HealthAnswers() {}

  /** The full report: 200 in the modes full and db-degraded, 503 in infra-failure. */
  public static HealthAnswer report(
      Posture posture, Configuration configuration, Situation situation, boolean full) {
    String status = status(posture.mode());
    Map<String, Object> body = Bodies.head(status, posture, full);
    List<String> notes = notes(posture, situation);
    if (!notes.isEmpty()) {
      body.put("notes", notes);
    }
    if (full) {
      body.put("environment", configuration.environment());
    }
    Map<String, Object> checks =
        full ? Checks.named(posture, configuration) : Checks.nameless(posture);
    Checks.runways(checks, situation.runways(), full);
    Checks.replay(checks, situation.replay(), full);
    body.put("checks", checks);
    return HealthAnswer.of(code(status), body);
  }

  /** The process alone: 200 for as long as it can answer, while draining too. */
  public static HealthAnswer live() {
    return LIVE;
  }

  /**
   * Usefulness: 200 in every mode while at least one route can forward, serve a copy or accept a
   * write; 503 while draining, when nothing can be done, and outside the mode full where the
   * configuration says {@code when-degraded: fail}.
   */
  public static HealthAnswer ready(
      Posture posture, Configuration configuration, Situation situation, boolean full) {
    Optional<String> refusal = refusal(posture, configuration, situation);
    String usual = posture.mode() == ServiceMode.FULL ? "pass" : "warn";
    return shortAnswer(refusal.isPresent() ? "fail" : usual, refusal, posture, full);
  }

  /**
   * Whether this revision may go live: 503 until something is proven, and on credentials, a missing
   * database, TLS or the schema of a required dependency that was never wholly well. A proven fault
   * of the path or the instance passes: no other revision would fare better.
   */
  public static HealthAnswer startup(Posture posture, Configuration configuration, boolean full) {
    Optional<String> refusal =
        configuration.dependencies().stream()
            .filter(Dependency::required)
            .map(d -> posture.dependencies().get(d.id()))
            .filter(d -> d != null && !d.wellOnce() && wrongRevision(d))
            .map(
                d ->
                    full
                        ? d.verdict().sentence()
                        : "a setting of this revision is wrong: " + d.verdict().detail().label())
            .findFirst();
    if (refusal.isEmpty() && posture.warmUp()) {
      refusal = Optional.of("warming up: the dependencies have not been judged yet");
    }
    String usual = posture.mode() == ServiceMode.FULL ? "pass" : "warn";
    return shortAnswer(refusal.isPresent() ? "fail" : usual, refusal, posture, full);
  }

  private static boolean wrongRevision(DependencyStatus status) {
    return WRONG_REVISION.contains(status.verdict().detail());
  }

  private static Optional<String> refusal(
      Posture posture, Configuration configuration, Situation situation) {
    if (situation.draining()) {
      return Optional.of("draining: this gateway is stopping");
    }
    if (!Usefulness.any(posture, configuration, situation)) {
      return Optional.of("no route can forward, serve a stored copy or accept a write");
    }
    if (posture.mode() != ServiceMode.FULL
        && configuration.health().whenDegraded() == Health.WhenDegraded.FAIL) {
      return Optional.of("degraded, and health.ready.when-degraded says fail");
    }
    return Optional.empty();
  }

  private static HealthAnswer shortAnswer(
      String status, Optional<String> output, Posture posture, boolean full) {
    Map<String, Object> body = new LinkedHashMap<>(Bodies.head(status, posture, full));
    output.ifPresent(text -> body.put("output", text));
    return HealthAnswer.of(code(status), body);
  }

  private static List<String> notes(Posture posture, Situation situation) {
    return Stream.of(
            posture.warmUp() ? "warming up" : "",
            situation.draining() ? "draining" : "",
            situation.drill() == null
                ? ""
                : "a drill: " + situation.drill() + " is taken to be down",
            situation.passthrough() ? "pass-through: every protection is off" : "")
        .filter(note -> !note.isEmpty())
        .toList();
  }

  private static String status(ServiceMode mode) {
    return switch (mode) {
      case FULL -> "pass";
      case DB_DEGRADED -> "warn";
      case INFRA_FAILURE -> "fail";
    };
  }

  static int code(String status) {
    return status.equals("fail") ? 503 : 200;
  }
}
