package dev.sluice.probes.monitor;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.probes.breaker.Breakers;
import dev.sluice.probes.breaker.Experience;
import dev.sluice.probes.breaker.Learned;
import dev.sluice.probes.breaker.Move;
import dev.sluice.probes.ladder.Ladder;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Passive;
import dev.sluice.probes.verdict.Vantage;
import dev.sluice.probes.verdict.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Watches every dependency, control and backend of the configuration that runs. Each is probed on
 * its own interval with a jitter of a tenth, never twice at once; after a failure every second. All
 * state is held by one thread; {@link #posture()} may be read from any.
 */
public final class Monitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);
  private static final Duration ALERT = Duration.ofSeconds(1);
  private static final Duration SLACK = Duration.ofSeconds(5);
  private static final Duration CONTROL_LIMIT = Duration.ofSeconds(40);

  private final InstantSource instants;
  private final LongSupplier nanos;
  private final Probing probing;
  private final Scheduler scheduler;
  private final MonitorListener listener;
  private final RandomGenerator jitter;
  private final Breakers breakers;
  private final Experience experience;
  private final Traffic traffic;
  private final Bench bench;
  private final Freeze freeze;
  private Configuration configuration;
  private volatile Map<String, Round<?>> rounds = Map.of();
  private volatile boolean started;

  /**
   * A monitor that probes over real sockets once it is started.
   *
   * @param publish told of every new posture and what it is the posture of, on the monitor's
   *     thread; must not block
   */
  public Monitor(
      Configuration configuration,
      InstantSource instants,
      LongSupplier nanos,
      BiConsumer<Configuration, Posture> publish,
      MonitorListener listener) {
    this(
        configuration,
        instants,
        nanos,
        publish,
        listener,
        Probing.real(configuration, instants, nanos),
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
    this.instants = instants;
    this.nanos = nanos;
    this.jitter = jitter;
    this.probing = probing;
    this.scheduler = scheduler;
    this.listener = listener;
    this.freeze = new Freeze(nanos);
    this.breakers = new Breakers(configuration, instants, nanos, this::moved);
    this.experience =
        new Experience(breakers, nanos, lesson -> tell(() -> listener.learnt(lesson)));
    this.traffic = new Traffic(counted(configuration), breakers, nanos, this::soon);
    this.bench = new Bench(configuration, instants, nanos, breakers, traffic, publish, listener);
    this.configuration = configuration;
    this.rounds = rounds(configuration, Set.of());
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

  /** The rounds of a configuration, those of the same targets going on as they are. */
  private Map<String, Round<?>> rounds(Configuration next, Set<String> same) {
    Map<String, Round<?>> all = new LinkedHashMap<>();
    next.dependencies().forEach(d -> all.put(d.id(), watch(d, Vantage.of(next, d.id()))));
    next.controls().forEach(c -> all.put(c.id(), watch(c)));
    next.backends().forEach(b -> all.put(b.id(), watch(b)));
    Map<String, Round<?>> before = rounds;
    same.forEach(id -> all.computeIfPresent(id, (any, made) -> before.getOrDefault(any, made)));
    return all;
  }

  private Round<?> watch(Dependency d, Vantage vantage) {
    Ladder ladder = probing.dependency(d, vantage);
    Ladder hurried = ladder.within(Watched.HURRIED);
    Watched watched = bench.dependency(d.id());
    Duration limit = d.tiers().connect().plus(d.tiers().query()).plus(d.tiers().full()).plus(SLACK);
    return round(
        limit,
        () -> {
          Passive passive = traffic.read(d.id());
          boolean full = watched.full(nanos.getAsLong(), passive);
          return (watched.hurries(passive) ? hurried : ladder).climb(full);
        },
        climb -> climbed(watched, climb),
        () -> watched.pause(breakers.state(d.id()), instants.instant()));
  }

  private Round<?> watch(Control c) {
    Ladder ladder = probing.control(c);
    return round(
        CONTROL_LIMIT,
        () -> ladder.climb(false),
        climb -> {
          bench.control(c, climb);
          tell(() -> listener.control(climb));
        },
        () -> bench.alert() && ALERT.compareTo(c.interval()) < 0 ? ALERT : c.interval());
  }

  private Round<?> watch(Backend b) {
    Backend.HealthProbe health = b.health();
    Duration limit = (health == null ? b.connectDeadline() : health.deadline()).plus(SLACK);
    Fronted fronted = bench.backend(b.id());
    return round(
        limit,
        () -> probing.backend(b),
        (BackendHealth answer) -> heard(fronted, answer),
        () -> fronted.pause(breakers.state(b.id())));
  }

  private <T> Round<T> round(
      Duration limit, Supplier<Mono<T>> work, Consumer<T> done, Supplier<Duration> pause) {
    Supplier<Mono<T>> timed =
        () -> {
          long begun = nanos.getAsLong();
          return work.get().filter(result -> !freeze.during(begun));
        };
    return new Round<>(scheduler, limit, timed, done, () -> jittered(pause.get()));
  }

  private Duration jittered(Duration pause) {
    double factor = 0.9 + 0.2 * jitter.nextDouble();
    return Duration.ofNanos((long) (pause.toNanos() * factor));
  }

  private void climbed(Watched watched, Climb climb) {
    boolean first = !watched.suspect() && !climb.ok();
    Verdict verdict = bench.climbed(watched, climb);
    experience.climbed(climb);
    tell(() -> listener.climbed(climb, verdict));
    if (first) {
      configuration.controls().forEach(control -> soon(control.id()));
    }
  }

  /** A backend that begins to fail raises the question whether a dependency does. */
  private void heard(Fronted fronted, BackendHealth answer) {
    tell(() -> listener.heard(fronted.backend.id(), answer));
    if (bench.heard(fronted, answer)) {
      fronted.backend.dependsOn().forEach(this::soon);
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
    Map<String, Round<?>> before = rounds;
    rounds = rounds(next, same);
    Set<Round<?>> kept = new HashSet<>(rounds.values());
    before.values().stream().filter(round -> !kept.contains(round)).forEach(Round::stop);
    if (started) {
      kept.removeAll(before.values());
      kept.forEach(Round::soon);
    }
  }

  private void tick() {
    freeze.tick();
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
