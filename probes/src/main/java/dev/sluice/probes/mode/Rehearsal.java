package dev.sluice.probes.mode;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** A posture as it would be were a breaker open: what a drill has requests decided by. Pure. */
public final class Rehearsal {
  private Rehearsal() {}

  /**
   * The same with the breaker of this dependency open, and the modes that follow. Verdicts stay
   * what they are: nothing is wrong, and nobody is to be told that something is.
   *
   * @param now when the posture is put together
   */
  public static Posture without(
      Posture posture, Configuration configuration, String dependencyId, Instant now) {
    DependencyStatus real = posture.dependencies().get(dependencyId);
    if (real == null) {
      return posture;
    }
    Map<String, DependencyStatus> dependencies = new LinkedHashMap<>(posture.dependencies());
    dependencies.put(dependencyId, real.with(BreakerState.OPEN));
    Map<String, BackendStatus> backends = new LinkedHashMap<>(posture.backends());
    for (Backend backend : configuration.backends()) {
      ServiceMode mode = ModeRule.of(configuration, backend, dependencies);
      backends.computeIfPresent(backend.id(), (id, status) -> status.with(mode));
    }
    return new Posture(
        now,
        posture.startedAt(),
        ModeRule.of(configuration, dependencies),
        dependencies,
        backends,
        posture.headline(),
        posture.warmUp());
  }
}
