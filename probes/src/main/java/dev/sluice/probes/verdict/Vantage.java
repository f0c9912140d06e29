package dev.sluice.probes.verdict;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Route;
import java.util.LinkedHashSet;
import java.util.Set;

/** From where something was seen. */
public enum Vantage {
  /** The same network namespace as the backend. */
  SHARED,
  /** A ladder beside the backend that pushes its samples. */
  AGENT,
  /** The backend's own health report. */
  BACKEND,
  /** Outcomes of live requests. */
  TRAFFIC,
  /** This gateway, whose way to the database need not be the backend's. */
  GATEWAY;

  /** True when a sample from here says something about the backend's own path. */
  public boolean speaksForBackend() {
    return this == SHARED || this == AGENT || this == BACKEND;
  }

  /**
   * From where this gateway sees a dependency: SHARED when every backend that needs it is reached
   * over loopback, GATEWAY otherwise.
   */
  public static Vantage of(Configuration configuration, String dependencyId) {
    Set<String> users = new LinkedHashSet<>();
    for (Backend backend : configuration.backends()) {
      if (backend.dependsOn().contains(dependencyId)) {
        users.add(backend.id());
      }
    }
    for (Route route : configuration.routes()) {
      if (configuration.usedBy(route).contains(dependencyId)) {
        users.add(route.backend());
      }
    }
    boolean shared =
        !users.isEmpty()
            && configuration.backends().stream()
                .filter(b -> users.contains(b.id()))
                .allMatch(Backend::sharesNetwork);
    return shared ? SHARED : GATEWAY;
  }
}
