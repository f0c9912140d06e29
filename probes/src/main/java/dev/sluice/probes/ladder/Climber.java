package dev.sluice.probes.ladder;

import dev.sluice.config.Tiers;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Tier;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Climbs a way step by step, times each, keeps the deadlines and turns failures into samples. */
final class Climber implements Ladder {
  private static final Logger LOG = LoggerFactory.getLogger(Climber.class);
  private static final String DROPPED = "reactor.onErrorDropped.local";
  private static final Consumer<Throwable> LATE = Climber::late;
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LEAVE = Duration.ofMillis(250);

  private final String target;
  private final Vantage vantage;
  private final Tiers tiers;
  private final Supplier<Sockets> opening;
  private final Function<Sockets, Way> ways;
  private final Symptoms symptoms;
  private final ProbeResources resources;
  private final InstantSource clock;
  private final LongSupplier nanos;

  Climber(
      String target,
      Vantage vantage,
      Tiers tiers,
      Supplier<Sockets> opening,
      Function<Sockets, Way> ways,
      Symptoms symptoms,
      ProbeResources resources,
      InstantSource clock,
      LongSupplier nanos) {
    this.target = target;
    this.vantage = vantage;
    this.tiers = tiers;
    this.opening = opening;
    this.ways = ways;
    this.symptoms = symptoms;
    this.resources = resources;
    this.clock = clock;
    this.nanos = nanos;
  }

  @Override
  public Ladder within(Duration full) {
    Duration less = full.compareTo(tiers.full()) < 0 ? full : tiers.full();
    Tiers sooner = new Tiers(tiers.connect(), tiers.query(), less);
    return new Climber(target, vantage, sooner, opening, ways, symptoms, resources, clock, nanos);
  }

  @Override
  public Mono<Climb> climb(boolean full, Consumer<Sample> seen) {
    return Mono.defer(() -> climbNow(full, seen)).contextWrite(c -> c.put(DROPPED, LATE));
  }

  private Mono<Climb> climbNow(boolean full, Consumer<Sample> seen) {
    Instant at = clock.instant();
    Sockets sockets = opening.get();
    Way way = ways.apply(sockets);
    Map<Tier, Long> begun = new EnumMap<>(Tier.class);
    return Flux.fromIterable(new Surroundings(resources, sockets).steps())
        .concatWith(Flux.defer(() -> Flux.fromIterable(way.steps(full))))
        .concatMap(step -> sample(step, sockets, begun), 1)
        .takeUntil(sample -> !sample.ok())
        .doOnNext(seen)
        .collectList()
        .flatMap(samples -> leave(way, samples).thenReturn(samples))
        .doFinally(end -> sockets.closeAll())
        .map(samples -> new Climb(target, at, vantage, samples, way.sessions()));
  }

  private Mono<Sample> sample(Step step, Sockets sockets, Map<Tier, Long> begun) {
    return Mono.defer(
        () -> {
          long start = nanos.getAsLong();
          Duration limit = limit(step, begun, start);
          return new Deadline(step.rung(), limit, sockets, resources.timer())
              .keptBy(Mono.defer(() -> step.walk().go(limit)).defaultIfEmpty(Note.NONE))
              .map(note -> passed(step, millisSince(start), note))
              .onErrorResume(
                  t -> Mono.just(symptoms.of(target, step.rung(), vantage, millisSince(start), t)));
        });
  }

  /** The rung's own deadline, or what its tier has left. */
  private Duration limit(Step step, Map<Tier, Long> begun, long now) {
    Tier tier = step.rung().tier();
    long since = now - begun.computeIfAbsent(tier, t -> now);
    Duration left = cap(tier).minusNanos(since);
    Duration limit = left.compareTo(step.deadline()) < 0 ? left : step.deadline();
    return limit.compareTo(SHORTEST) < 0 ? SHORTEST : limit;
  }

  private Duration cap(Tier tier) {
    return switch (tier) {
      case CONNECT -> tiers.connect();
      case QUERY -> tiers.query();
      case FULL -> tiers.full();
    };
  }

  private Mono<Void> leave(Way way, List<Sample> samples) {
    boolean well = samples.stream().allMatch(Sample::ok);
    return well
        ? way.leave().timeout(LEAVE, Mono.empty(), resources.timer()).onErrorComplete()
        : Mono.empty();
  }

  private Sample passed(Step step, long millis, Note note) {
    return new Sample(
        target,
        step.rung(),
        vantage,
        true,
        millis,
        null,
        List.of(),
        null,
        false,
        note.message(),
        note.signal(),
        note.certificateEnds());
  }

  private long millisSince(long start) {
    return (nanos.getAsLong() - start) / 1_000_000;
  }

  private static void late(Throwable error) {
    LOG.debug("An error came after the rung was over: {}", error.toString());
  }
}
