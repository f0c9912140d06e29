package dev.sluice.probes.monitor;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.probes.ladder.BackendProbe;
import dev.sluice.probes.ladder.Ladder;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One look from here: three climbs of each dependency (and one more for each that {@link
 * FirstClimbs} passes over) and three questions to each backend, with the controls beside.
 */
public final class Diagnosis {
  static final int TIMES = 3;
  private static final int AT_ONCE = 8;

  private final Configuration configuration;
  private final Probing probing;
  private final Findings findings;

  private Diagnosis(Configuration configuration, InstantSource instants, Probing probing) {
    this.configuration = configuration;
    this.probing = probing;
    this.findings = new Findings(configuration, instants);
  }

  /**
   * Tells each rung and answer as it comes, then judges everything without a warm-up: one verdict
   * for each dependency and then each backend, in the order of the configuration. Emits on a thread
   * that may block.
   *
   * @param limit when climbing ends; what is known by then is judged
   */
  public static Flux<News> run(
      Configuration configuration, InstantSource instants, LongSupplier nanos, Duration limit) {
    return Flux.using(
        () -> Probing.real(configuration, instants, nanos, backend -> Optional.empty()),
        probing ->
            run(configuration, instants, probing, limit, Schedulers.parallel())
                .publishOn(Schedulers.boundedElastic()),
        Probing::close);
  }

  static Flux<News> run(
      Configuration configuration,
      InstantSource instants,
      Probing probing,
      Duration limit,
      Scheduler timer) {
    return Flux.defer(
        () -> new Diagnosis(configuration, instants, probing).news(Mono.delay(limit, timer)));
  }

  private Flux<News> news(Mono<Long> limit) {
    Flux<News> dependencies =
        Flux.fromIterable(configuration.dependencies()).flatMap(this::climbs, AT_ONCE);
    Flux<News> controls = Flux.fromIterable(configuration.controls()).flatMap(this::climb, AT_ONCE);
    Flux<News> backends =
        Flux.fromIterable(configuration.backends()).flatMap(this::answers, AT_ONCE);
    return Flux.merge(dependencies, controls, backends)
        .takeUntilOther(limit)
        .doOnNext(findings::take)
        .concatWith(Flux.defer(() -> Flux.fromIterable(findings.judged())));
  }

  private Flux<News> climbs(Dependency d) {
    Ladder ladder = probing.dependency(d, Vantage.of(configuration, d.id()));
    List<Climb> made = new ArrayList<>();
    return Flux.range(1, TIMES + FirstClimbs.MOST)
        .takeWhile(n -> FirstClimbs.counted(made).size() < TIMES)
        .concatMap(n -> told(ladder, d.id(), n, true).doOnNext(news -> keep(news, made)), 0);
  }

  private static void keep(News news, List<Climb> made) {
    if (news instanceof News.Climbed climbed) {
      made.add(climbed.climb());
    }
  }

  private Flux<News> climb(Control c) {
    return told(probing.control(c), c.id(), 1, false);
  }

  private Flux<News> answers(Backend b) {
    return Flux.range(1, TIMES)
        .concatMap(
            n ->
                probing
                    .backend(b, BackendProbe.deadline(b))
                    .map(h -> new News.Answered(b.id(), n, h)));
  }

  private static Flux<News> told(Ladder ladder, String id, int n, boolean full) {
    return Flux.create(
        sink -> {
          Disposable climbing =
              ladder
                  .climb(full, sample -> sink.next(new News.Seen(id, n, sample)))
                  .subscribe(
                      climb -> {
                        sink.next(new News.Climbed(id, climb));
                        sink.complete();
                      },
                      sink::error);
          sink.onDispose(climbing);
        });
  }
}
