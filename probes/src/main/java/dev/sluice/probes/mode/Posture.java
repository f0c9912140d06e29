package dev.sluice.probes.mode;

import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.config.Route;
import dev.sluice.probes.verdict.Verdict;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where everything stands at one moment. A request reads one posture and decides by it alone.
 *
 * @param takenAt when it was put together
 * @param startedAt when monitoring began
 * @param headline the worst of all verdicts
 * @param warmUp true until every required dependency was reached once or judged
 */
public record Posture(
    Instant takenAt,
    Instant startedAt,
    ServiceMode mode,
    Map<String, DependencyStatus> dependencies,
    Map<String, BackendStatus> backends,
    Verdict headline,
    boolean warmUp) {
  public Posture {
    dependencies = Collections.unmodifiableMap(new LinkedHashMap<>(dependencies));
    backends = Collections.unmodifiableMap(new LinkedHashMap<>(backends));
  }

  /** True when the breaker of the route's backend or of one of these dependencies is open. */
  public boolean closed(Route route, List<String> dependencyIds) {
    BackendStatus backend = backends.get(route.backend());
    if (backend != null && backend.breaker() == BreakerState.OPEN) {
      return true;
    }
    for (String id : dependencyIds) {
      DependencyStatus dependency = dependencies.get(id);
      if (dependency != null && dependency.breaker() == BreakerState.OPEN) {
        return true;
      }
    }
    return false;
  }

  /** True when one of these dependencies takes reads only. */
  public boolean readOnly(List<String> dependencyIds) {
    for (String id : dependencyIds) {
      DependencyStatus dependency = dependencies.get(id);
      if (dependency != null && dependency.readOnly()) {
        return true;
      }
    }
    return false;
  }

  /** True when any breaker is open. */
  public boolean anyOpen() {
    return dependencies.values().stream().anyMatch(d -> d.breaker() == BreakerState.OPEN)
        || backends.values().stream().anyMatch(b -> b.breaker() == BreakerState.OPEN);
  }

  /** Before anything was probed: every breaker closed, nothing proven. */
  public static Posture starting(Instant now, Configuration configuration) {
    Map<String, DependencyStatus> dependencies = new LinkedHashMap<>();
    for (Dependency d : configuration.dependencies()) {
      Verdict verdict = Verdict.warmUp(d.id(), now);
      dependencies.put(
          d.id(),
          new DependencyStatus(d.id(), verdict, BreakerState.CLOSED, false, false, false, null));
    }
    Map<String, BackendStatus> backends = new LinkedHashMap<>();
    configuration
        .backends()
        .forEach(
            b ->
                backends.put(
                    b.id(),
                    new BackendStatus(
                        b.id(), Verdict.warmUp(b.id(), now), BreakerState.CLOSED, null, null)));
    boolean unproven = configuration.dependencies().stream().anyMatch(Dependency::required);
    ServiceMode mode = unproven ? ServiceMode.DB_DEGRADED : ServiceMode.FULL;
    Verdict headline = Verdict.warmUp("gateway", now);
    return new Posture(now, now, mode, dependencies, backends, headline, true);
  }
}
