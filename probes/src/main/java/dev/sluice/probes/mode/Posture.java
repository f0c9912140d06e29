package dev.sluice.probes.mode;

import dev.sluice.config.Backend;
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
    return closed(route.backend(), dependencyIds);
  }

  /** True when the breaker of this backend, or of one of these dependencies, is open. */
  public boolean closed(String backendId, List<String> dependencyIds) {
    BackendStatus backend = backends.get(backendId);
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

  /** The mode of one backend; the gateway's for an unknown id. */
  public ServiceMode mode(String backendId) {
    BackendStatus backend = backends.get(backendId);
    return backend == null ? mode : backend.mode();
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
          new DependencyStatus(
              d.id(), verdict, BreakerState.CLOSED, false, false, false, false, null, null));
    }
    Map<String, BackendStatus> backends = new LinkedHashMap<>();
    for (Backend b : configuration.backends()) {
      Verdict verdict = Verdict.warmUp(b.id(), now);
      ServiceMode mode = ModeRule.of(configuration, b, dependencies);
      backends.put(
          b.id(), new BackendStatus(b.id(), verdict, BreakerState.CLOSED, null, null, mode));
    }
    ServiceMode mode = ModeRule.of(configuration, dependencies);
    boolean required = configuration.dependencies().stream().anyMatch(Dependency::required);
    Verdict headline = Verdict.warmUp("gateway", now);
    return new Posture(now, now, mode, dependencies, backends, headline, required);
  }
}
