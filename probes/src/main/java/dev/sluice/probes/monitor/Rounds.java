package dev.sluice.probes.monitor;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.probes.breaker.Breakers;
import dev.sluice.probes.ladder.BackendProbe;
import dev.sluice.probes.ladder.Ladder;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Passive;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What is probed when, and for how long; used by the monitor's thread alone. */
record Rounds(
    InstantSource instants,
    LongSupplier nanos,
    Probing probing,
    Scheduler scheduler,
    RandomGenerator jitter,
    Breakers breakers,
    Traffic traffic,
    Bench bench,
    Freeze freeze,
    Pacing pacing,
    Ends ends) {
  private static final Duration ALERT = Duration.ofSeconds(1);
  private static final Duration SLACK = Duration.ofSeconds(5);
  private static final Duration CONTROL_LIMIT = Duration.ofSeconds(40);

  /** What becomes of what was seen. */
  interface Ends {
    void climbed(Watched watched, Climb climb);

    void controlled(Control control, Climb climb);

    void heard(Fronted fronted, BackendHealth answer);
  }

  /** The rounds of a configuration, those of the same targets going on as they are. */
  Map<String, Round<?>> of(Configuration next, Set<String> same, Map<String, Round<?>> before) {
    Map<String, Round<?>> all = new LinkedHashMap<>();
    next.dependencies().forEach(d -> all.put(d.id(), watch(d, Vantage.of(next, d.id()))));
    next.controls().forEach(c -> all.put(c.id(), watch(c)));
    next.backends().forEach(b -> all.put(b.id(), watch(b)));
    same.forEach(id -> all.computeIfPresent(id, (any, made) -> before.getOrDefault(any, made)));
    return all;
  }

  private Round<?> watch(Dependency d, Vantage vantage) {
    Ladder ladder = probing.dependency(d, vantage);
    Watched watched = bench.dependency(d.id());
    Duration limit = d.tiers().connect().plus(d.tiers().query()).plus(d.tiers().full()).plus(SLACK);
    return round(
        limit,
        () -> {
          Passive passive = traffic.read(d.id());
          boolean full = watched.full(nanos.getAsLong(), passive);
          return ladder.within(watched.patience(passive)).climb(full);
        },
        climb -> ends.climbed(watched, climb),
        () -> watched.pause(breakers.state(d.id()), breakers.several(), instants.instant()));
  }

  private Round<?> watch(Control c) {
    Ladder ladder = probing.control(c);
    return round(
        CONTROL_LIMIT,
        () -> ladder.climb(false),
        climb -> ends.controlled(c, climb),
        () -> bench.alert() && ALERT.compareTo(c.interval()) < 0 ? ALERT : c.interval());
  }

  private Round<?> watch(Backend b) {
    Duration deadline = BackendProbe.deadline(b);
    Fronted fronted = bench.backend(b.id());
    return round(
        deadline.plus(SLACK),
        () -> {
          long begun = nanos.getAsLong();
          return probing
              .backend(b, fronted.patience(deadline, traffic.read(b.id())))
              .map(answer -> new Heard(answer, Duration.ofNanos(nanos.getAsLong() - begun)));
        },
        (Heard heard) -> {
          fronted.took(heard.answer, heard.took);
          ends.heard(fronted, heard.answer);
        },
        () -> fronted.pause(breakers.state(b.id())));
  }

  private record Heard(BackendHealth answer, Duration took) {}

  private <T> Round<T> round(
      Duration limit, Supplier<Mono<T>> work, Consumer<T> done, Supplier<Duration> pause) {
    Supplier<Mono<T>> timed =
        () -> {
          long begun = nanos.getAsLong();
          return work.get().filter(result -> !freeze.during(begun));
        };
    return new Round<>(
        scheduler, limit, timed, done, () -> jittered(pause.get()), pacing::withRequests);
  }

  private Duration jittered(Duration pause) {
    double factor = 0.9 + 0.2 * jitter.nextDouble();
    return Duration.ofNanos((long) (pause.toNanos() * factor));
  }
}
