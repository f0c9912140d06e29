package dev.sluice.probes.monitor;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.probes.breaker.Breakers;
import dev.sluice.probes.ladder.Ladder;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
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
 * Watches every dependency, control and backend of one configuration. Each is probed on its own
 * interval with a jitter of a tenth, never twice at once; after a failure every second. All state
 * is held by one thread; {@link #posture()} may be read from any.
 */
public final class Monitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);
  private static final Duration ALERT = Duration.ofSeconds(1);
  private static final Duration SLACK = Duration.ofSeconds(5);
  private static final Duration CONTROL_LIMIT = Duration.ofSeconds(40);

  private final LongSupplier nanos;
  private final Probing probing;
  private final Scheduler scheduler;
  private final MonitorListener listener;
  private final RandomGenerator jitter;
  private final Breakers breakers;
  private final Traffic traffic;
  private final Bench bench;
  private final Freeze freeze;
  private final Map<String, Round<?>> rounds = new LinkedHashMap<>();
  private final Set<String> controls = new HashSet<>();

  /**
   * A monitor that probes over real sockets once it is started.
   *
   * @param publish told of every new posture, on the monitor's thread; must not block
   */
  public Monitor(
      Configuration configuration,
      InstantSource instants,
      LongSupplier nanos,
      Consumer<Posture> publish,
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

  Monitor(
      Configuration configuration,
      InstantSource instants,
      LongSupplier nanos,
      Consumer<Posture> publish,
      MonitorListener listener,
      Probing probing,
      Scheduler scheduler,
      RandomGenerator jitter) {
    this.nanos = nanos;
    this.jitter = jitter;
    this.probing = probing;
    this.scheduler = scheduler;
    this.listener = listener;
    this.freeze = new Freeze(nanos);
    this.breakers = new Breakers(configuration, instants, nanos, this::moved);
    Set<String> counted = new HashSet<>();
    configuration.dependencies().forEach(d -> counted.add(d.id()));
    configuration.backends().forEach(b -> counted.add(b.id()));
    this.traffic = new Traffic(counted, breakers, nanos, this::soon);
    this.bench = new Bench(configuration, instants, nanos, breakers, traffic, publish, listener);
    configuration.dependencies().forEach(this::watch);
    configuration.controls().forEach(this::watch);
    configuration.backends().forEach(this::watch);
  }

  private void watch(Dependency d) {
    Ladder ladder = probing.dependency(d);
    Watched watched = bench.dependency(d.id());
    Duration limit = d.tiers().connect().plus(d.tiers().query()).plus(d.tiers().full()).plus(SLACK);
    add(
        d.id(),
        limit,
        () -> ladder.climb(watched.full(nanos.getAsLong())),
        climb -> climbed(watched, climb),
        () -> watched.pause(breakers.state(d.id())));
  }

  private void watch(Control c) {
    Ladder ladder = probing.control(c);
    controls.add(c.id());
    add(
        c.id(),
        CONTROL_LIMIT,
        () -> ladder.climb(false),
        climb -> bench.control(c, climb),
        () -> bench.alert() && ALERT.compareTo(c.interval()) < 0 ? ALERT : c.interval());
  }

  private void watch(Backend b) {
    Backend.HealthProbe health = b.health();
    Duration limit = (health == null ? b.connectDeadline() : health.deadline()).plus(SLACK);
    Fronted fronted = bench.backend(b.id());
    add(
        b.id(),
        limit,
        () -> probing.backend(b),
        (BackendHealth answer) -> heard(fronted, answer),
        () -> fronted.pause(breakers.state(b.id())));
  }

  /** Ids of controls, dependencies and backends are one name space. */
  private <T> void add(
      String id,
      Duration limit,
      Supplier<Mono<T>> work,
      Consumer<T> done,
      Supplier<Duration> pause) {
    Supplier<Mono<T>> timed =
        () -> {
          long begun = nanos.getAsLong();
          return work.get().filter(result -> !freeze.during(begun));
        };
    rounds.put(id, new Round<>(scheduler, limit, timed, done, () -> jittered(pause.get())));
  }

  private Duration jittered(Duration pause) {
    double factor = 0.9 + 0.2 * jitter.nextDouble();
    return Duration.ofNanos((long) (pause.toNanos() * factor));
  }

  private void climbed(Watched watched, Climb climb) {
    boolean first = !watched.suspect() && !climb.ok();
    Verdict verdict = bench.climbed(watched, climb);
    tell(() -> listener.climbed(climb, verdict));
    if (first) {
      controls.forEach(this::soon);
    }
  }

  /** A backend that begins to fail raises the question whether a dependency does. */
  private void heard(Fronted fronted, BackendHealth answer) {
    if (bench.heard(fronted, answer)) {
      fronted.backend.dependsOn().forEach(this::soon);
    }
  }

  /** Begins to probe everything at once. */
  public void start() {
    freeze.tick();
    rounds.values().forEach(Round::soon);
    scheduler.schedulePeriodically(this::tick, 1, 1, TimeUnit.SECONDS);
  }

  private void tick() {
    freeze.tick();
    breakers.tick();
    bench.refresh();
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

  private void soon(String id) {
    Round<?> round = rounds.get(id);
    if (round != null) {
      round.soon();
    }
  }

  /** Breakers move on event loops too: the posture follows on the monitor's thread. */
  private void moved(String id, BreakerState from, BreakerState to) {
    tell(() -> listener.breaker(id, from, to));
    try {
      scheduler.schedule(this::refreshed);
    } catch (RejectedExecutionException closed) {
      LOG.debug("The monitor is closed.");
    }
  }

  private void refreshed() {
    bench.publish();
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
