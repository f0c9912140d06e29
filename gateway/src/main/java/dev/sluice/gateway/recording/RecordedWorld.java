package dev.sluice.gateway.recording;

import dev.sluice.config.Backend;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.config.Tiers;
import dev.sluice.probes.ladder.Ladder;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.monitor.Probing;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Reach;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Tier;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Climbs and health answers as they were recorded. A probe sees what the latest one before it saw
 * and takes as long as that took, or as its deadline allows: what took longer than a deadline that
 * is shorter now has failed by then. What was given up before a deadline that is longer now stays
 * given up: nobody knows how it would have ended.
 */
final class RecordedWorld implements Probing {
  private static final Duration ANSWER = Duration.ofMillis(5);
  private static final Tiers ANY =
      new Tiers(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));

  private final Recording recording;
  private final Scheduler time;
  private final InstantSource instants;

  RecordedWorld(Recording recording, Scheduler time, InstantSource instants) {
    this.recording = recording;
    this.time = time;
    this.instants = instants;
  }

  @Override
  public Ladder dependency(Dependency dependency, Vantage vantage) {
    return new Recorded(dependency.id(), dependency.tiers());
  }

  @Override
  public Ladder control(Control control) {
    return new Recorded(control.id(), ANY);
  }

  private final class Recorded implements Ladder {
    private final String id;
    private final Tiers tiers;

    Recorded(String id, Tiers tiers) {
      this.id = id;
      this.tiers = tiers;
    }

    @Override
    public Ladder within(Duration full) {
      boolean sooner = full.compareTo(tiers.full()) < 0;
      return sooner ? new Recorded(id, new Tiers(tiers.connect(), tiers.query(), full)) : this;
    }

    @Override
    public Mono<Climb> climb(boolean full, Consumer<Sample> seen) {
      Instant now = instants.instant();
      Climb recorded = recording.climb(id, now, full);
      if (recorded == null) {
        return Mono.empty();
      }
      List<Sample> samples = cut(tiers, recorded.samples());
      long millis = samples.stream().mapToLong(Sample::millis).sum();
      Climb climb = new Climb(id, now, recorded.vantage(), samples, recorded.sessions());
      return Mono.delay(Duration.ofMillis(Math.max(1, millis)), time).map(tick -> climb);
    }
  }

  /** Up to the one that ends after its tier's deadline, which fails then. */
  static List<Sample> cut(Tiers tiers, List<Sample> samples) {
    Map<Tier, Long> left = new EnumMap<>(Tier.class);
    left.put(Tier.CONNECT, tiers.connect().toMillis());
    left.put(Tier.QUERY, tiers.query().toMillis());
    left.put(Tier.FULL, tiers.full().toMillis());
    List<Sample> kept = new ArrayList<>();
    for (Sample sample : samples) {
      long limit = left.merge(sample.rung().tier(), -sample.millis(), Long::sum);
      if (limit < 0) {
        kept.add(overdue(sample, Math.max(0, limit + sample.millis())));
        break;
      }
      kept.add(sample);
    }
    return kept;
  }

  private static Sample overdue(Sample sample, long limit) {
    return Sample.bad(
        sample.target(),
        sample.rung(),
        sample.vantage(),
        limit,
        Signal.overdue(sample.rung()),
        "No answer within " + limit + " ms.");
  }

  @Override
  public Mono<BackendHealth> backend(Backend backend, Duration limit) {
    BackendHealth recorded = recording.answer(backend.id(), instants.instant());
    if (recorded == null) {
      return Mono.empty();
    }
    Duration takes = recorded.reach() == Reach.SILENT ? limit : ANSWER;
    return Mono.delay(takes, time).map(tick -> recorded.at(instants.instant()));
  }

  @Override
  public void close() {}
}
