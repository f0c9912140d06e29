package dev.sluice.probes.breaker;

import dev.sluice.config.Breaker;
import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Reach;
import dev.sluice.probes.verdict.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
  private final DoubleSupplier luck;
  private final Map<String, Learned> learned = new ConcurrentHashMap<>();
  private volatile Together together = Together.ALONE;
  private volatile Breaker file;
  private volatile Circuits circuits;

  public Breakers(Configuration configuration, InstantSource instants, LongSupplier nanos) {
    this(configuration, instants, nanos, move -> {});
  }

  public Breakers(
      Configuration configuration,
      InstantSource instants,
      LongSupplier nanos,
      BreakerListener listener) {
    this(configuration, instants, nanos, listener, Breakers::drawn);
  }

  /**
   * @param luck draws from 0 to 1 which requests pass while traffic comes back
   */
  Breakers(
      Configuration configuration,
      InstantSource instants,
      LongSupplier nanos,
      BreakerListener listener,
      DoubleSupplier luck) {
    this.instants = instants;
    this.nanos = nanos;
    this.listener = listener;
    this.luck = luck;
    this.file = configuration.breaker();
    this.circuits = Circuits.of(configuration, Set.of(), Circuits.NONE, learned, this::circuit);
  }

  private static double drawn() {
    return ThreadLocalRandom.current().nextDouble();
  }

  /** Backends are one gateway's own, dependencies may be those of many. */
  private Circuit circuit(String id, Breaker settings, boolean dependency) {
    Supplier<Together> others = dependency ? () -> together : () -> Together.ALONE;
    return new Circuit(id, settings, instants, nanos, listener, others);
  }

  /** Has what comes back heed the others from now on. */
  public void together(Together others) {
    together = others;
  }

  /** Whether other gateways guard the same dependencies. */
  public boolean several() {
    return together.gateways() > 1;
  }

  /** How much longer the breaker of a dependency that is back waits for its turn. */
  public Duration waits(String dependencyId) {
    Circuit circuit = circuits.dependencies().get(dependencyId);
    return circuit == null ? Duration.ZERO : circuit.waits();
  }

  /**
   * Goes over to another configuration; not to be called twice at once. Calls under way end in the
   * breakers that let them in.
   *
   * @param same ids of dependencies and backends whose breakers live on, whatever their state
   */
  public void follow(Configuration next, Set<String> same) {
    Circuits before = circuits;
    learned.keySet().retainAll(next.dependencies().stream().map(Dependency::id).toList());
    file = next.breaker();
    Circuits after = Circuits.of(next, same, before, learned, this::circuit);
    Set<Circuit> kept = after.all().collect(Collectors.toSet());
    circuits = after;
    before.all().filter(circuit -> !kept.contains(circuit)).forEach(Circuit::retire);
  }

  /** What the breaker of a dependency has learnt; null for an unknown id. */
  public @Nullable Learned learnt(String dependencyId) {
    return circuits.dependencies().containsKey(dependencyId)
        ? learned.getOrDefault(dependencyId, Learned.nothing(file))
        : null;
  }

  /** Has the breaker of a dependency go by what was learnt, within the bounds of the file. */
  public void learn(String dependencyId, Learned lesson) {
    Circuit circuit = circuits.dependencies().get(dependencyId);
    if (circuit != null) {
      learned.put(dependencyId, lesson);
      circuit.follow(Learned.apply(lesson, file));
    }
  }

  /** What the file says. */
  Breaker file() {
    return file;
  }

  /**
   * Leave to forward one request, or null when a breaker refuses. Closed breakers always permit, a
   * half-open one as many calls as its trial allows; all are taken or none. Unknown ids permit.
   */
  public @Nullable Permit permit(String backendId, List<String> dependencyIds) {
    return permit(backendId, dependencyIds, luck.getAsDouble());
  }

  /**
   * Leave for a request that follows from one which has just succeeded, as a read does that stores
   * anew what a write has changed. As {@link #permit}, but what comes back gradually lets it
   * through whatever its share: whoever asks has one for each success at most.
   */
  public @Nullable Permit permitNext(String backendId, List<String> dependencyIds) {
    return permit(backendId, dependencyIds, 0);
  }

  private @Nullable Permit permit(String backendId, List<String> dependencyIds, double drawn) {
    Circuits current = circuits;
    Circuit backend = current.backends().get(backendId);
    Entry own = backend == null ? null : backend.enter(drawn);
    if (backend != null && own == null) {
      return null;
    }
    Circuit[] needed = current.needed(dependencyIds);
    Entry[] entries = new Entry[needed.length];
    for (int i = 0; i < needed.length; i++) {
      Entry entry = needed[i].enter(drawn);
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

  /**
   * True once per retry period when all that keeps a request from being forwarded are open breakers
   * whose last climb yields to live requests. Such a request is forwarded without a permit; its
   * outcome reaches {@link #served}.
   */
  public boolean canary(String backendId, List<String> dependencyIds) {
    Circuits current = circuits;
    Circuit backend = current.backends().get(backendId);
    if (backend != null && backend.state() != BreakerState.CLOSED) {
      return false;
    }
    Circuit open = null;
    for (Circuit circuit : current.needed(dependencyIds)) {
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
      Circuit circuit = current.dependencies().get(id);
      if (circuit != null) {
        circuit.served();
      }
    }
  }

  /** True when a live request that needs the dependency succeeded in the last 10 s. */
  public boolean servedLately(String dependencyId) {
    Circuit circuit = circuits.dependencies().get(dependencyId);
    return circuit != null && circuit.servedLately();
  }

  /** Feeds a judged climb of a dependency to its breaker. */
  public void climbed(Climb climb, Verdict verdict) {
    Circuit circuit = circuits.dependencies().get(climb.targetId());
    if (circuit == null) {
      return;
    }
    switch (Feed.of(climb, verdict)) {
      case GOOD -> circuit.good();
      case BAD -> circuit.bad(false, verdict.detail().label());
      case BAD_UNLESS_SERVED -> circuit.bad(true, verdict.detail().label());
      case NOTHING -> {}
    }
  }

  /**
   * Feeds a backend's health answer to its breaker: a refused connection is bad, a good answer is
   * good, and an answer that complains says nothing, since it may speak of a dependency. Silence is
   * bad unless a dependency is suspect: a health route that waits for its database is silent too.
   */
  public void probed(String backendId, BackendHealth health) {
    Circuit circuit = circuits.backends().get(backendId);
    if (circuit == null) {
      return;
    }
    if (health.ok()) {
      circuit.good();
    } else if (health.reach() == Reach.REFUSED) {
      circuit.bad(false, "refused");
    } else if (health.reach() == Reach.SILENT && !anySuspect(backendId)) {
      circuit.bad(false, "silent");
    }
  }

  private boolean anySuspect(String backendId) {
    return circuits.needs().getOrDefault(backendId, List.of()).stream().anyMatch(this::suspect);
  }

  /**
   * Half-opens backends that have been unreachable for a retry period without a probe that speaks
   * against them, and closes what traffic has come back to. To be called every second.
   */
  public void tick() {
    Circuits current = circuits;
    current.backends().values().forEach(circuit -> circuit.tick(true));
    current.dependencies().values().forEach(circuit -> circuit.tick(false));
  }

  /** The state of the breaker of a dependency or backend; CLOSED for an unknown id. */
  public BreakerState state(String id) {
    Circuit circuit = circuits.of(id);
    return circuit == null ? BreakerState.CLOSED : circuit.state();
  }

  /** True while the breaker waits for what becomes of a few requests. */
  public boolean trying(String id) {
    Circuit circuit = circuits.of(id);
    return circuit != null && circuit.phase().stage == Stage.TRIALS;
  }

  /** The share of the traffic that the breaker lets through, from 0 to 1. */
  public double share(String id) {
    Circuit circuit = circuits.of(id);
    return circuit == null ? 1 : circuit.share();
  }

  /** True when the last climb of a dependency, or the last probe of a backend, failed. */
  public boolean suspect(String id) {
    Circuit circuit = circuits.of(id);
    return circuit != null && circuit.suspect();
  }
}
