package dev.sluice.gateway.app;

import dev.sluice.config.Backend;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.fallback.store.Fleet;
import dev.sluice.fallback.store.Fleet.Other;
import dev.sluice.fallback.store.Fleet.Roll;
import dev.sluice.gateway.fleet.JoinedLadder;
import dev.sluice.gateway.fleet.Lead;
import dev.sluice.gateway.fleet.LeadersClimbs;
import dev.sluice.gateway.fleet.Member;
import dev.sluice.gateway.fleet.MemberNotes;
import dev.sluice.gateway.fleet.Standing;
import dev.sluice.probes.breaker.Together;
import dev.sluice.probes.ladder.Ladder;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.monitor.Probing;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Tells the gateways on the same store what this one sees, once a second, and knows who of them
 * speaks. Waits for the store on a thread of its own.
 */
final class FleetWatch implements Together, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.fleet");
  private static final Duration SHORTEST_TURN = Duration.ofSeconds(10);
  private static final Duration LONGEST_TURN = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(7);
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private final Function<String, Member> own;
  private final Supplier<Set<String>> dependencies;
  private final Runnable look;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final ScheduledExecutorService ticking =
      Executors.newSingleThreadScheduledExecutor(
          run -> {
            Thread thread = new Thread(run, "sluice-fleet");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, Climb> climbs = new ConcurrentHashMap<>();
  private final LeadersClimbs leaders = new LeadersClimbs();
  private Standing.@Nullable Role told;

  private volatile boolean awaited;

  // Guarded by this.
  private @Nullable Fleet fleet;
  private @Nullable Lead lead;

  /**
   * @param own what this gateway, by its id, sees at the moment
   * @param dependencies ids of what is climbed to
   * @param look has all dependencies climbed to now, since nobody else does any more
   * @param awaited whether a store that others share is about to be opened
   */
  FleetWatch(
      Function<String, Member> own,
      Supplier<Set<String>> dependencies,
      Runnable look,
      boolean awaited,
      InstantSource clock,
      LongSupplier nanos) {
    this.look = look;
    this.awaited = awaited;
    this.own = own;
    this.dependencies = dependencies;
    this.clock = clock;
    this.nanos = nanos;
  }

  /** The store is open; null where nobody else can share it. */
  void opened(@Nullable Fleet shared) {
    if (shared != null) {
      synchronized (this) {
        fleet = shared;
        lead = new Lead(shared.id(), Duration.ofMillis(Fleet.LEASE_MILLIS));
      }
      ticking.scheduleAtFixedRate(this::tick, 0, 1, TimeUnit.SECONDS);
    }
  }

  /** How this gateway stands now; from any thread. */
  synchronized Standing standing() {
    return lead == null ? Standing.ALONE : lead.standing(nanos.getAsLong());
  }

  /** Through it the leader writes; null where there is none. */
  synchronized @Nullable Fleet fleet() {
    return fleet;
  }

  /** A climb from here has ended; one that this process held up itself tells others nothing. */
  void climbed(Climb climb) {
    boolean frozen =
        climb.samples().stream().anyMatch(sample -> Signal.FROZEN.equals(sample.signal()));
    if (!frozen) {
      climbs.put(climb.targetId(), climb);
    }
  }

  /** The last one to each dependency, for the others, where this gateway leads them. */
  List<Climb> climbs() {
    if (standing().role() != Standing.Role.LEADER) {
      return List.of();
    }
    climbs.keySet().retainAll(dependencies.get());
    return List.copyOf(climbs.values());
  }

  /**
   * Ladders that are climbed by the leader alone, above TCP: a login costs a server a process, and
   * it has slots for a few only.
   *
   * @param troubled whether requests that need a dependency, by its id, fail here
   */
  Probing beside(Probing probing, Predicate<String> troubled) {
    return new Probing() {
      @Override
      public Ladder dependency(Dependency dependency, Vantage vantage) {
        Ladder own = probing.dependency(dependency, vantage);
        Dependency footing = dependency.footing();
        return footing == null
            ? own
            : new JoinedLadder(
                own,
                probing.dependency(footing, vantage),
                new Word(dependency, vantage, troubled),
                nanos);
      }

      @Override
      public Ladder control(Control control) {
        return probing.control(control);
      }

      @Override
      public Mono<BackendHealth> backend(Backend backend, Duration limit) {
        return probing.backend(backend, limit);
      }

      @Override
      public void close() {
        probing.close();
      }
    };
  }

  @Override
  public int gateways() {
    return standing().others().size() + 1;
  }

  /** What the leader says of a dependency. */
  private final class Word implements JoinedLadder.Leader {
    private final Dependency dependency;
    private final Vantage vantage;
    private final Predicate<String> troubled;

    Word(Dependency dependency, Vantage vantage, Predicate<String> troubled) {
      this.dependency = dependency;
      this.vantage = vantage;
      this.troubled = troubled;
    }

    @Override
    public boolean pending() {
      return awaited;
    }

    @Override
    public @Nullable Climb climb() {
      return standing().role() == Standing.Role.MEMBER
          ? leaders.latest(dependency.id(), dependency.interval(), vantage, nanos.getAsLong())
          : null;
    }

    @Override
    public Duration rest() {
      boolean look =
          troubled.test(dependency.id())
              || !leaders.fresh(dependency.id(), dependency.interval(), nanos.getAsLong());
      return look
          ? Duration.ZERO
          : dependency.interval().multipliedBy(standing().others().size() + 1);
    }
  }

  /**
   * How long the breaker of this gateway, which sees that a dependency is back, waits for its turn:
   * the leader lets requests through at once, the others within {@link #SHORTEST_TURN} to {@link
   * #LONGEST_TURN}, a second for each of them.
   */
  @Override
  public Duration turn() {
    Standing standing = standing();
    if (standing.role() != Standing.Role.MEMBER) {
      return Duration.ZERO;
    }
    long seconds =
        Math.min(
            LONGEST_TURN.toSeconds(),
            Math.max(SHORTEST_TURN.toSeconds(), standing.others().size()));
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(seconds * 1000));
  }

  private void tick() {
    try {
      Fleet shared = Objects.requireNonNull(fleet());
      long asked = nanos.getAsLong();
      Roll roll = asked(shared);
      List<Member> others = roll == null ? List.of() : members(roll);
      synchronized (this) { // event loops ask for the standing: nothing is read in here
        Lead known = Objects.requireNonNull(lead);
        if (roll == null) {
          known.failed();
        } else {
          known.heard(roll.leads(), roll.epoch(), others, asked);
          leaders.heard(others, nanos.getAsLong(), clock.instant());
        }
      }
      awaited = false;
      tell(standing());
    } catch (RuntimeException e) {
      LOG.error("a fault among the gateways of one store", e);
    }
  }

  /** Null where it does not answer. */
  private @Nullable Roll asked(Fleet shared) {
    Future<Roll> answer = shared.call(MemberNotes.write(own.apply(shared.id())));
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("the other gateways could not be asked", e);
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private static List<Member> members(Roll roll) {
    return roll.others().stream().map(FleetWatch::member).filter(Objects::nonNull).toList();
  }

  private static @Nullable Member member(Other other) {
    return MemberNotes.read(other.id(), other.leads(), other.said());
  }

  private void tell(Standing standing) {
    if (standing.role() != told) {
      told = standing.role();
      LOG.info(
          "among {} gateways on this store: {}",
          standing.others().size() + 1,
          standing.role().label());
      if (standing.role() == Standing.Role.LEADER) {
        look.run();
      }
    }
  }

  /** Says goodbye, so that another one speaks at once. */
  @Override
  public void close() {
    ticking.shutdownNow();
    Fleet shared = fleet();
    if (shared != null) {
      try {
        shared.leave().get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        LOG.debug("the other gateways are not told of the end", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
