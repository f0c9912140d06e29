package dev.sluice.probes.breaker;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Vantage;
import dev.sluice.probes.verdict.Verdict;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All breakers of one configuration. Live requests take a permit and settle it; climbs and health
 * probes are fed in by the monitor. Nothing here blocks or locks.
 *
 * <p>A probe never cuts traffic that works: a failed climb of vantage GATEWAY, or one that was
 * denied entry, counts only when no request that needs the dependency succeeded in the last 10 s.
 */
public final class Breakers {
  private final Map<String, Circuit> dependencies = new HashMap<>();
  private final Map<String, Circuit> backends = new HashMap<>();
  private final Set<String> seenFromGateway = new HashSet<>();

  public Breakers(Configuration configuration, InstantSource instants, LongSupplier nanos) {
    this(configuration, instants, nanos, (id, from, to) -> {});
  }

  public Breakers(
      Configuration configuration,
      InstantSource instants,
      LongSupplier nanos,
      BreakerListener listener) {
    for (Dependency d : configuration.dependencies()) {
      dependencies.put(
          d.id(), new Circuit(d.id(), configuration.breaker(), instants, nanos, listener));
      if (Vantage.of(configuration, d.id()) == Vantage.GATEWAY) {
        seenFromGateway.add(d.id());
      }
    }
    for (Backend b : configuration.backends()) {
      backends.put(b.id(), new Circuit(b.id(), configuration.breaker(), instants, nanos, listener));
    }
  }

  /**
   * Leave to forward one request, or null when a breaker refuses. Closed breakers always permit, a
   * half-open one as many calls as its trial allows; all are taken or none. Unknown ids permit.
   */
  public @Nullable Permit permit(String backendId, List<String> dependencyIds) {
    Circuit backend = backends.get(backendId);
    Phase backendPhase = backend == null ? null : backend.phase();
    if (backendPhase != null && !backendPhase.enter()) {
      return null;
    }
    Circuit[] circuits = circuits(dependencyIds);
    Phase[] phases = new Phase[circuits.length];
    for (int i = 0; i < circuits.length; i++) {
      phases[i] = circuits[i].phase();
      if (!phases[i].enter()) {
        leave(backendPhase, phases, i);
        return null;
      }
    }
    return new CompositePermit(backend, backendPhase, circuits, phases);
  }

  private static void leave(@Nullable Phase backendPhase, Phase[] phases, int entered) {
    for (int i = 0; i < entered; i++) {
      phases[i].leave();
    }
    if (backendPhase != null) {
      backendPhase.leave();
    }
  }

  private Circuit[] circuits(List<String> dependencyIds) {
    List<Circuit> found = new ArrayList<>(dependencyIds.size());
    for (String id : dependencyIds) {
      Circuit circuit = dependencies.get(id);
      if (circuit != null) {
        found.add(circuit);
      }
    }
    return found.toArray(Circuit[]::new);
  }

  /**
   * True once per retry period when all that keeps a request from being forwarded is an open
   * breaker whose dependency is seen from the gateway's own place alone. Such a request is
   * forwarded without a permit; its outcome reaches {@link #served}.
   */
  public boolean canary(String backendId, List<String> dependencyIds) {
    Circuit backend = backends.get(backendId);
    if (backend != null && backend.state() != BreakerState.CLOSED) {
      return false;
    }
    Circuit open = null;
    for (Circuit circuit : circuits(dependencyIds)) {
      if (circuit.state() == BreakerState.OPEN) {
        if (!seenFromGateway.contains(circuit.id)) {
          return false;
        }
        open = circuit;
      }
    }
    return open != null && open.canary();
  }

  /** A live request that needs these dependencies succeeded, with or without a permit. */
  public void served(List<String> dependencyIds) {
    for (String id : dependencyIds) {
      Circuit circuit = dependencies.get(id);
      if (circuit != null) {
        circuit.served(seenFromGateway.contains(id));
      }
    }
  }

  /** True when a live request that needs the dependency succeeded in the last 10 s. */
  public boolean servedLately(String dependencyId) {
    Circuit circuit = dependencies.get(dependencyId);
    return circuit != null && circuit.servedLately();
  }

  /** Feeds a judged climb of a dependency to its breaker. */
  public void climbed(Climb climb, Verdict verdict) {
    Circuit circuit = dependencies.get(climb.targetId());
    if (circuit == null) {
      return;
    }
    switch (Feed.of(climb, verdict)) {
      case GOOD -> circuit.good();
      case BAD -> circuit.bad(true);
      case BAD_UNLESS_SERVED -> circuit.bad(!circuit.servedLately());
      case NOTHING -> {}
    }
  }

  /**
   * Feeds a backend's health answer to its breaker: no answer is bad, a good answer is good, and an
   * answer that complains says nothing, since it may speak of a dependency.
   */
  public void probed(String backendId, BackendHealth health) {
    Circuit circuit = backends.get(backendId);
    if (circuit == null) {
      return;
    }
    if (health.ok()) {
      circuit.good();
    } else if (health.status() == 0) {
      circuit.bad(true);
    }
  }

  /** Half-opens what has been open for a retry period without a probe that speaks against it. */
  public void tick() {
    backends.values().forEach(Circuit::retry);
  }

  /** The state of the breaker of a dependency or backend; CLOSED for an unknown id. */
  public BreakerState state(String id) {
    Circuit circuit = dependencies.get(id);
    if (circuit == null) {
      circuit = backends.get(id);
    }
    return circuit == null ? BreakerState.CLOSED : circuit.state();
  }

  /** True when the last climb of a dependency, or the last probe of a backend, failed. */
  public boolean suspect(String id) {
    Circuit circuit = dependencies.get(id);
    if (circuit == null) {
      circuit = backends.get(id);
    }
    return circuit != null && circuit.suspect();
  }
}
