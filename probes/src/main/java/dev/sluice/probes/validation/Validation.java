package dev.sluice.probes.validation;

import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.probes.ladder.Ladder;
import dev.sluice.probes.ladder.Ladders;
import dev.sluice.probes.ladder.ProbeResources;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.monitor.Diagnosis;
import dev.sluice.probes.monitor.News;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Vantage;
import dev.sluice.probes.verdict.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The steps that need the network alone: every rung of every ladder with its verdict, what backends
 * say of themselves, and many connections made anew, one dependency after the other.
 */
public final class Validation {
  private static final Duration LOOK = Duration.ofSeconds(60);

  private final Configuration configuration;
  private final Suite suite;
  private final Conditions conditions;
  private final InstantSource instants;
  private final LongSupplier nanos;
  private final Map<String, BackendHealth> answers = new LinkedHashMap<>();

  private Validation(
      Configuration configuration,
      Suite suite,
      Conditions conditions,
      InstantSource instants,
      LongSupplier nanos) {
    this.configuration = configuration;
    this.suite = suite;
    this.conditions = conditions;
    this.instants = instants;
    this.nanos = nanos;
  }

  /** Emits the steps as they end, on a thread that may block. */
  public static Flux<Step> run(
      Configuration configuration,
      Suite suite,
      Conditions conditions,
      InstantSource instants,
      LongSupplier nanos) {
    return Flux.defer(
        () -> new Validation(configuration, suite, conditions, instants, nanos).steps());
  }

  private Flux<Step> steps() {
    return suite.connects() == 0 ? look() : look().concatWith(connects());
  }

  private Flux<Step> look() {
    long begun = nanos.getAsLong();
    return Diagnosis.run(configuration, instants, nanos, LOOK)
        .doOnNext(this::remember)
        .ofType(News.Judged.class)
        .concatMap(judged -> Flux.just(judged(judged, since(begun))))
        .concatWith(Flux.defer(() -> Flux.fromIterable(answers.entrySet())).map(this::health));
  }

  private void remember(News news) {
    if (news instanceof News.Answered answered) {
      answers.put(answered.subject(), answered.answer());
    }
  }

  private Duration since(long begun) {
    return Duration.ofNanos(nanos.getAsLong() - begun);
  }

  private static Step judged(News.Judged judged, Duration took) {
    Verdict verdict = judged.verdict();
    boolean well = verdict.cause() == Cause.NONE;
    Outcome outcome =
        !well ? Outcome.FAILED : judged.complete() ? Outcome.PASSED : Outcome.UNPROVEN;
    return Step.of("ladder", verdict.subject(), outcome, verdict.sentence(), took);
  }

  /** A mere 200 proves that something answers, not that it is well. */
  private Step health(Map.Entry<String, BackendHealth> last) {
    BackendHealth health = last.getValue();
    String said = health.said();
    boolean passes = said != null && HealthWords.PASSING.contains(said);
    Outcome outcome =
        !health.ok() || (said != null && !passes)
            ? Outcome.FAILED
            : passes ? Outcome.PASSED : Outcome.UNPROVEN;
    String sentence =
        said == null
            ? health.text() + ", and no status of its own: that something answers is no proof"
            : health.text() + ", status: " + said;
    return Step.of("health", last.getKey(), outcome, sentence, Duration.ZERO);
  }

  private Flux<Step> connects() {
    return Flux.using(
        () -> ProbeResources.create(configuration.resolver()),
        resources ->
            Flux.fromIterable(configuration.dependencies())
                .concatMap(dependency -> connects(dependency, resources))
                .concatMap(this::compared)
                .publishOn(Schedulers.boundedElastic()),
        ProbeResources::close);
  }

  private Mono<Step> connects(Dependency dependency, ProbeResources resources) {
    Ladder ladder =
        Ladders.of(
            dependency, Vantage.of(configuration, dependency.id()), resources, instants, nanos);
    return new ConnectTrial(dependency.id(), ladder, suite, conditions, nanos).run();
  }

  /** A step, and how it was beside usual days where that is known. */
  private Flux<Step> compared(Step connects) {
    Baseline usual = conditions.usual().apply(connects.subject());
    if (!usual.tells() || connects.millis().isEmpty()) {
      return Flux.just(connects);
    }
    String slower = usual.slower(connects.millis());
    String well = "as fast as %d connections of usual days".formatted(usual.total());
    return Flux.just(
        connects,
        Step.of(
            "usual days",
            connects.subject(),
            slower == null ? Outcome.PASSED : Outcome.FAILED,
            slower == null ? well : slower,
            Duration.ZERO));
  }
}
