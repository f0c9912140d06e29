package dev.sluice.probes.breaker;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Reach;
import dev.sluice.probes.verdict.Verdict;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final Map<String, List<String>> needs = new HashMap<>();

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
    }
    for (Backend b : configuration.backends()) {
      backends.put(b.id(), new Circuit(b.id(), configuration.breaker(), instants, nanos, listener));
      needs.put(b.id(), b.dependsOn());
    }
  }

  /**
   * Leave to forward one request, or null when a breaker refuses. Closed breakers always permit, a
   * half-open one as many calls as its trial allows; all are taken or none. Unknown ids permit.
   */
  public @Nullable Permit permit(String backendId, List<String> dependencyIds) {
    Circuit backend = backends.get(backendId);
    Entry own = backend == null ? null : backend.enter();
    if (backend != null && own == null) {
      return null;
    }
    Circuit[] circuits = circuits(dependencyIds);
    Entry[] entries = new Entry[circuits.length];
    for (int i = 0; i < circuits.length; i++) {
      Entry entry = circuits[i].enter();
      if (entry == null) {
        leave(own, entries, i);
        return null;
      }
      entries[i] = entry;
    }
    return new CompositePermit(own, entries);
  }

  private static void leave(@Nullable Entry own, Entry[] entries, int entered) {
    for (int i = 0; i < entered; i++) {
      entries[i].leave();
    }
    if (own != null) {
      own.leave();
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
   * True once per retry period when all that keeps a request from being forwarded are open breakers
   * whose last climb yields to live requests. Such a request is forwarded without a permit; its
   * outcome reaches {@link #served}.
   */
  public boolean canary(String backendId, List<String> dependencyIds) {
    Circuit backend = backends.get(backendId);
    if (backend != null && backend.state() != BreakerState.CLOSED) {
      return false;
    }
    Circuit open = null;
    for (Circuit circuit : circuits(dependencyIds)) {
      if (circuit.state() == BreakerState.OPEN) {
        if (!circuit.yields()) {
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
        circuit.served();
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
      case BAD -> circuit.bad(false);
      case BAD_UNLESS_SERVED -> circuit.bad(true);
      case NOTHING -> {}
    }
  }

  /**
   * Feeds a backend's health answer to its breaker: a refused connection is bad, a good answer is
   * good, and an answer that complains says nothing, since it may speak of a dependency. Silence is
   * bad unless a dependency is suspect: a health route that waits for its database is silent too.
   */
  public void probed(String backendId, BackendHealth health) {
    Circuit circuit = backends.get(backendId);
    if (circuit == null) {
      return;
    }
    if (health.ok()) {
      circuit.good();
    } else if (health.reach() == Reach.REFUSED) {
      circuit.bad(false);
    } else if (health.reach() == Reach.SILENT && !anySuspect(backendId)) {
      circuit.bad(false);
    }
  }

  private boolean anySuspect(String backendId) {
    return needs.getOrDefault(backendId, List.of()).stream().anyMatch(this::suspect);
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
