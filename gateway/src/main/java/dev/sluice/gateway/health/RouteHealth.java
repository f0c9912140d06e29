package dev.sluice.gateway.health;

import dev.sluice.config.Backend;
import dev.sluice.config.Route;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a route of kind health: the backend's own last answer joined with the verdict, so
 * that a healthy application is not restarted for the database's sake, and a broken one is.
 */
public final class RouteHealth {
  private static final List<Cause> WORST_FIRST =
      List.of(Cause.INFRASTRUCTURE, Cause.APPLICATION, Cause.UNKNOWN, Cause.NONE);

  private RouteHealth() {}

  /**
   * A healthy backend is 200 whatever the verdict says. A failing one: for INFRASTRUCTURE 200 with
   * {@code warn}, or 503 where the route says so; for APPLICATION 503; else the backend's own
   * status, 503 when it gave none. As long as it is not known whose fault a failing answer is, the
   * answer before it stands.
   *
   * @param dependencies the ids that the route needs
   */
  public static HealthAnswer answer(
      Route route, Backend backend, List<String> dependencies, Posture posture, boolean full) {
    BackendStatus status = posture.backends().get(backend.id());
    BackendHealth own = status == null ? null : status.lastHealth();
    Verdict verdict = verdict(status, dependencies, posture);
    BackendHealth standing = status == null ? null : status.standing();
    int code = code(route, backend, own, standing, verdict);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", word(code, own, verdict));
    body.put("mode", posture.mode().label());
    body.put("verdict", Bodies.verdict(verdict, full));
    Map<String, Object> said = status == null ? null : Bodies.own(status, full);
    if (said != null) {
      body.put("backend", said);
    } else {
      body.put("output", "the backend has not answered a health probe yet");
    }
    if (own != null && !own.ok() && code == 200 && verdict.cause() != Cause.INFRASTRUCTURE) {
      body.put("output", "whose fault it is is not known yet: the answer before stands");
    }
    return HealthAnswer.of(code, body);
  }

  private static int code(
      Route route,
      Backend backend,
      @Nullable BackendHealth own,
      @Nullable BackendHealth standing,
      Verdict verdict) {
    boolean well = own == null ? backend.health() == null : own.ok();
    if (well && (own != null || verdict.cause() == Cause.NONE)) {
      return 200;
    }
    return switch (verdict.cause()) {
      case INFRASTRUCTURE ->
          route.onInfrastructureFailure() == Route.OnInfrastructureFailure.DEGRADED ? 200 : 503;
      case APPLICATION -> 503;
      case UNKNOWN, NONE -> own(standing == null ? own : standing);
    };
  }

  private static int own(@Nullable BackendHealth answer) {
    if (answer != null && answer.ok()) {
      return 200;
    }
    return answer == null || answer.status() < 200 ? 503 : answer.status();
  }

  private static String word(int code, @Nullable BackendHealth own, Verdict verdict) {
    if (code >= 400) {
      return "fail";
    }
    boolean well = (own == null || own.ok()) && verdict.cause() == Cause.NONE;
    return well ? "pass" : "warn";
  }

  /**
   * The backend's own fault first: it is the one that a restart may mend. Otherwise the worst of
   * the backend's verdict and its dependencies'.
   */
  private static Verdict verdict(
      @Nullable BackendStatus status, List<String> dependencies, Posture posture) {
    List<Verdict> candidates = new ArrayList<>();
    if (status != null) {
      if (status.verdict().cause() == Cause.APPLICATION) {
        return status.verdict();
      }
      candidates.add(status.verdict());
    }
    for (String id : dependencies) {
      DependencyStatus dependency = posture.dependencies().get(id);
      if (dependency != null) {
        candidates.add(dependency.verdict());
      }
    }
    for (Cause cause : WORST_FIRST) {
      for (Verdict candidate : candidates) {
        if (candidate.cause() == cause) {
          return candidate;
        }
      }
    }
    return posture.headline();
  }
}
