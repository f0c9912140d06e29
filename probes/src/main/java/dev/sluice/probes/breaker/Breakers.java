package dev.sluice.probes.breaker;

import dev.sluice.config.Backend;
import dev.sluice.config.Breaker;
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
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All breakers of the configuration that runs. Live requests take a permit and settle it; climbs
 * and health probes are fed in by the monitor. Nothing here blocks or locks.
 *
 * <p>A probe never cuts traffic that works: a failed climb of vantage GATEWAY, or one that was
 * denied entry, counts only when no request that needs the dependency succeeded in the last 10 s.
 */
public final class Breakers {
  private final InstantSource instants;
  private final LongSupplier nanos;
  private final BreakerListener listener;
  private volatile Circuits circuits;

  /** The breakers of one configuration; never changed. */
  private record Circuits(
      Map<String, Circuit> dependencies,
      Map<String, Circuit> backends,
      Map<String, List<String>> needs) {
    static final Circuits NONE = new Circuits(Map.of(), Map.of(), Map.of());

    @Nullable Circuit of(String id) {
      Circuit circuit = dependencies.get(id);
      return circuit == null ? backends.get(id) : circuit;
    }

    Stream<Circuit> all() {
      return Stream.concat(dependencies.values().stream(), backends.values().stream());
    }
  }

  public Breakers(Configuration configuration, InstantSource instants, LongSupplier nanos) {
    this(configuration, instants, nanos, (id, from, to) -> {});
  }

  public Breakers(
      Configuration configuration,
      InstantSource instants,
      LongSupplier nanos,
      BreakerListener listener) {
    this.instants = instants;
    this.nanos = nanos;
    this.listener = listener;
    this.circuits = circuits(configuration, Set.of(), Circuits.NONE);
  }

  /**
   * Goes over to another configuration; not to be called twice at once. Calls under way end in the
   * breakers that let them in.
   *
   * @param same ids of dependencies and backends whose breakers live on, whatever their state
   */
  public void follow(Configuration next, Set<String> same) {
    Circuits before = circuits;
    Circuits after = circuits(next, same, before);
    Set<Circuit> kept = after.all().collect(Collectors.toSet());
    circuits = after;
    before.all().filter(circuit -> !kept.contains(circuit)).forEach(Circuit::retire);
  }

  private Circuits circuits(Configuration configuration, Set<String> same, Circuits before) {
    Map<String, Circuit> dependencies = new HashMap<>();
    Map<String, Circuit> backends = new HashMap<>();
    Map<String, List<String>> needs = new HashMap<>();
    Breaker settings = configuration.breaker();
    for (Dependency d : configuration.dependencies()) {
      Circuit known = same.contains(d.id()) ? before.dependencies.get(d.id()) : null;
      dependencies.put(d.id(), circuit(d.id(), settings, known));
    }
    for (Backend b : configuration.backends()) {
      Circuit known = same.contains(b.id()) ? before.backends.get(b.id()) : null;
      backends.put(b.id(), circuit(b.id(), settings, known));
      needs.put(b.id(), b.dependsOn());
    }
    return new Circuits(dependencies, backends, needs);
  }

  private Circuit circuit(String id, Breaker settings, @Nullable Circuit known) {
    if (known == null) {
      return new Circuit(id, settings, instants, nanos, listener);
    }
    known.follow(settings);
    return known;
  }

  /**
   * Leave to forward one request, or null when a breaker refuses. Closed breakers always permit, a
   * half-open one as many calls as its trial allows; all are taken or none. Unknown ids permit.
   */
  public @Nullable Permit permit(String backendId, List<String> dependencyIds) {
    Circuits current = circuits;
    Circuit backend = current.backends.get(backendId);
    Entry own = backend == null ? null : backend.enter();
    if (backend != null && own == null) {
      return null;
    }
    Circuit[] needed = needed(current, dependencyIds);
    Entry[] entries = new Entry[needed.length];
    for (int i = 0; i < needed.length; i++) {
      Entry entry = needed[i].enter();
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

  private static Circuit[] needed(Circuits current, List<String> dependencyIds) {
    List<Circuit> found = new ArrayList<>(dependencyIds.size());
    for (String id : dependencyIds) {
      Circuit circuit = current.dependencies.get(id);
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
    Circuits current = circuits;
    Circuit backend = current.backends.get(backendId);
    if (backend != null && backend.state() != BreakerState.CLOSED) {
      return false;
    }
    Circuit open = null;
    for (Circuit circuit : needed(current, dependencyIds)) {
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
    Circuits current = circuits;
    for (String id : dependencyIds) {
      Circuit circuit = current.dependencies.get(id);
      if (circuit != null) {
        circuit.served();
      }
    }
  }

  /** True when a live request that needs the dependency succeeded in the last 10 s. */
  public boolean servedLately(String dependencyId) {
    Circuit circuit = circuits.dependencies.get(dependencyId);
    return circuit != null && circuit.servedLately();
  }

  /** Feeds a judged climb of a dependency to its breaker. */
  public void climbed(Climb climb, Verdict verdict) {
    Circuit circuit = circuits.dependencies.get(climb.targetId());
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
    Circuit circuit = circuits.backends.get(backendId);
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
    return circuits.needs.getOrDefault(backendId, List.of()).stream().anyMatch(this::suspect);
  }

  /** Half-opens what has been open for a retry period without a probe that speaks against it. */
  public void tick() {
    circuits.backends.values().forEach(Circuit::retry);
  }

  /** The state of the breaker of a dependency or backend; CLOSED for an unknown id. */
  public BreakerState state(String id) {
    Circuit circuit = circuits.of(id);
    return circuit == null ? BreakerState.CLOSED : circuit.state();
  }

  /** True when the last climb of a dependency, or the last probe of a backend, failed. */
  public boolean suspect(String id) {
    Circuit circuit = circuits.of(id);
    return circuit != null && circuit.suspect();
  }
}
