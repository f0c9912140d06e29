package dev.sluice.probes.monitor;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.probes.breaker.Breakers;
import dev.sluice.probes.breaker.Experience;
import dev.sluice.probes.breaker.Learned;
import dev.sluice.probes.breaker.Move;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Verdict;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Watches every dependency, control and backend of the configuration that runs. Each is probed on
 * its own interval with a jitter of a tenth, never twice at once; after a failure every second. All
 * state is held by one thread; {@link #posture()} may be read from any.
 */
public final class Monitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  private final Probing probing;
  private final Scheduler scheduler;
  private final MonitorListener listener;
  private final Breakers breakers;
  private final Experience experience;
  private final Traffic traffic;
  private final Bench bench;
  private final Freeze freeze;
  private final Pacing pacing;
  private final AtomicReference<@Nullable CompletableFuture<Void>> asked = new AtomicReference<>();
  private final Rounds making;
  private volatile Configuration configuration;
  private volatile Map<String, Round<?>> rounds = Map.of();
  private volatile boolean started;

  /**
   * A monitor that probes over real sockets once it is started.
   *
   * @param publish told of every new posture and what it is the posture of, on the monitor's
   *     thread; must not block
   * @param ownToken shows a backend who asks for its health; empty where there is none
   */
  public Monitor(
      Configuration configuration,
      InstantSource instants,
      LongSupplier nanos,
      BiConsumer<Configuration, Posture> publish,
      MonitorListener listener,
      Function<Backend, Optional<String>> ownToken) {
    this(
        configuration,
        instants,
        nanos,
        publish,
        listener,
        Probing.real(configuration, instants, nanos, ownToken));
  }

  /**
   * A monitor on a thread of its own.
   *
   * @param publish as above
   * @param probing where climbs and answers come from; closed with the monitor
   */
  public Monitor(
      Configuration configuration,
      InstantSource instants,
      LongSupplier nanos,
      BiConsumer<Configuration, Posture> publish,
      MonitorListener listener,
      Probing probing) {
    this(
        configuration,
        instants,
        nanos,
        publish,
        listener,
        probing,
        Schedulers.newSingle("sluice-monitor", true),
        new SplittableRandom());
  }

  /**
   * A monitor in a world of the caller's.
   *
   * @param probing where climbs and answers come from; closed with the monitor
   * @param scheduler runs everything, one task after the other; disposed with the monitor
   * @param jitter spreads the climbs
   */
  public Monitor(
      Configuration configuration,
      InstantSource instants,
      LongSupplier nanos,
      BiConsumer<Configuration, Posture> publish,
      MonitorListener listener,
      Probing probing,
      Scheduler scheduler,
      RandomGenerator jitter) {
    this.probing = probing;
    this.scheduler = scheduler;
    this.listener = listener;
    this.freeze = new Freeze(nanos);
    this.pacing = new Pacing(configuration.health().probing(), freeze);
    this.breakers = new Breakers(configuration, instants, nanos, this::moved);
    this.experience =
        new Experience(breakers, nanos, lesson -> tell(() -> listener.learnt(lesson)));
    this.traffic = new Traffic(counted(configuration), breakers, nanos, this::soon);
    this.bench = new Bench(configuration, instants, nanos, breakers, traffic, publish, listener);
    this.configuration = configuration;
    this.making =
        new Rounds(
            instants,
            nanos,
            probing,
            scheduler,
            jitter,
            breakers,
            traffic,
            bench,
            freeze,
            pacing,
            new Ends());
    this.rounds = making.of(configuration, Set.of(), Map.of());
  }

  private static Set<String> counted(Configuration configuration) {
    Set<String> counted = new HashSet<>();
    configuration.dependencies().forEach(d -> counted.add(d.id()));
    for (Backend b : configuration.backends()) {
      counted.add(b.id());
      counted.add(Traffic.sparedOf(b.id()));
    }
    return counted;
  }

  /** Takes what was seen, and tells it. */
  private final class Ends implements Rounds.Ends {
    @Override
    public void climbed(Watched watched, Climb climb) {
      boolean first = !watched.suspect() && !climb.ok();
      Verdict verdict = bench.climbed(watched, climb);
      experience.climbed(climb);
      tell(() -> listener.climbed(climb, verdict));
      if (first) {
        configuration.controls().forEach(control -> soon(control.id()));
      }
    }

    @Override
    public void controlled(Control control, Climb climb) {
      bench.control(control, climb);
      tell(() -> listener.control(climb));
    }

    /** A backend that begins to fail raises the question whether a dependency does. */
    @Override
    public void heard(Fronted fronted, BackendHealth answer) {
      tell(() -> listener.heard(fronted.backend.id(), answer));
      if (bench.heard(fronted, answer)) {
        fronted.backend.dependsOn().forEach(Monitor.this::soon);
      }
    }
  }

  /** Begins to probe everything at once. */
  public void start() {
    freeze.tick();
    started = true;
    rounds.values().forEach(Round::soon);
    scheduler.schedulePeriodically(this::tick, 1, 1, TimeUnit.SECONDS);
  }

  /**
   * Goes over to another configuration. What it has in common with the one before, as equal
   * records, goes on with its breaker, verdict and timing; what is new or changed begins anew; what
   * is gone is stopped and its sockets are closed. Completed once the posture is published; fails
   * when the monitor is closed.
   */
  public CompletableFuture<Void> follow(Configuration next) {
    CompletableFuture<Void> followed = new CompletableFuture<>();
    try {
      scheduler.schedule(
          () -> {
            try {
              turn(next);
              followed.complete(null);
            } catch (RuntimeException e) {
              followed.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException closed) {
      followed.completeExceptionally(closed);
    }
    return followed;
  }

  private void turn(Configuration next) {
    Set<String> same = Unchanged.ids(configuration, next);
    breakers.follow(next, same);
    traffic.follow(counted(next), same);
    bench.follow(next, same);
    configuration = next;
    pacing.follow(next.health().probing());
    Map<String, Round<?>> before = rounds;
    rounds = making.of(next, same, before);
    Set<Round<?>> kept = new HashSet<>(rounds.values());
    before.values().stream().filter(round -> !kept.contains(round)).forEach(Round::stop);
    if (started) {
      kept.removeAll(before.values());
      kept.forEach(Round::soon);
    }
  }

  private void tick() {
    freeze.tick();
    pacing.look();
    if (!pacing.withRequests()) {
      rounds.values().forEach(Round::ifDue);
    }
    breakers.tick();
    bench.refresh();
    lookAgain();
  }

  /**
   * While requests fail, every second: once a backend's breaker is open no failing request asks for
   * a look any more.
   */
  private void lookAgain() {
    for (Dependency d : configuration.dependencies()) {
      if (traffic.read(d.id()).erring()) {
        soon(d.id());
      }
    }
  }

  /**
   * A request is here that asks for health or was not forwarded. Where probes wait for one, those
   * that are due begin now.
   *
   * @return null where it is to be answered at once; else completed once the probes have ended and
   *     the posture is published, and cancelled where the monitor is closed
   */
  public @Nullable CompletableFuture<Void> asked() {
    if (!pacing.withRequests()) {
      return null;
    }
    CompletableFuture<Void> looked = looking();
    return pacing.onDemand() ? looked : null;
  }

  /** The look that the next requests share until it begins. */
  private CompletableFuture<Void> looking() {
    CompletableFuture<Void> fresh = new CompletableFuture<>();
    CompletableFuture<Void> before = asked.compareAndExchange(null, fresh);
    if (before != null) {
      return before;
    }
    try {
      scheduler.schedule(() -> look(fresh));
    } catch (RejectedExecutionException closed) {
      fresh.cancel(false);
    }
    return fresh;
  }

  private void look(CompletableFuture<Void> looked) {
    asked.set(null);
    // Before the next tick: what begins now begins after the process stood still.
    freeze.tick();
    CompletableFuture<?>[] ends =
        rounds.values().stream().map(Round::ifDue).toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(ends).whenComplete((all, failure) -> looked.complete(null));
  }

  /** True while probes come with health requests, not on their own clocks. */
  public boolean probesWithRequests() {
    return pacing.withRequests();
  }

  /** Where everything stands. */
  public Posture posture() {
    return bench.posture();
  }

  /** The breakers, for permits of live requests. */
  public Breakers breakers() {
    return breakers;
  }

  /** To be told of every forwarded exchange. */
  public TrafficWitness witness() {
    return traffic;
  }

  /** Takes what the platform says of a dependency, on the monitor's thread. */
  public void facts(String dependencyId, List<String> told) {
    try {
      scheduler.schedule(() -> bench.facts(dependencyId, told));
    } catch (RejectedExecutionException closed) {
      LOG.debug("The monitor is closed.");
    }
  }

  /**
   * Takes what an agent saw, on the monitor's thread; what it says of unknown targets is left out.
   */
  public void told(AgentReport report) {
    try {
      scheduler.schedule(
          () -> {
            bench.told(report);
            report.climbs().forEach(climb -> experience.climbed(climb));
          });
    } catch (RejectedExecutionException closed) {
      LOG.debug("The monitor is closed.");
    }
  }

  /** Has every dependency climbed to now, or as soon as the climb under way has ended. */
  public void look() {
    try {
      scheduler.schedule(() -> configuration.dependencies().forEach(d -> soon(d.id())));
    } catch (RejectedExecutionException closed) {
      LOG.debug("The monitor is closed.");
    }
  }

  /** Whether requests fail that need a dependency, or a backend that does; from any thread. */
  public boolean troubled(String dependencyId) {
    return traffic.read(dependencyId).erring()
        || configuration.backends().stream()
            .filter(backend -> backend.dependsOn().contains(dependencyId))
            .anyMatch(backend -> breakers.suspect(backend.id()));
  }

  private void soon(String id) {
    Round<?> round = rounds.get(id);
    if (round != null) {
      round.soon();
    }
  }

  /** Breakers move on event loops too: the posture follows on the monitor's thread. */
  private void moved(Move move) {
    tell(() -> listener.breaker(move));
    try {
      scheduler.schedule(() -> moved(experience, move));
    } catch (RejectedExecutionException closed) {
      LOG.debug("The monitor is closed.");
    }
  }

  private void moved(Experience experience, Move move) {
    experience.moved(move);
    bench.publish();
  }

  /**
   * Goes by what an earlier run learnt, on the monitor's thread; what has been learnt since stays.
   */
  public void recall(Map<String, Learned> earlier) {
    try {
      scheduler.schedule(() -> earlier.forEach(experience::recall));
    } catch (RejectedExecutionException closed) {
      LOG.debug("The monitor is closed.");
    }
  }

  private static void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.warn("A listener of the monitor failed.", e);
    }
  }

  /** Stops probing; waits for threads two seconds at most. */
  @Override
  public void close() {
    rounds.values().forEach(Round::stop);
    scheduler.dispose();
    probing.close();
  }
}
