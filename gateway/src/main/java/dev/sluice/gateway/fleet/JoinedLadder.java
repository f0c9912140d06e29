package dev.sluice.gateway.fleet;

import dev.sluice.probes.ladder.Ladder;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Looks now and then whether TCP reaches the place from here too, and takes all else from the
 * gateway that leads, so that forty gateways are no more to a server than one. Where the leader
 * found the way broken that holds from here, its next climb is waited for a while: when a server
 * comes back, nobody but the leader logs in. Climbs the whole ladder where it has no leader's word.
 */
public final class JoinedLadder implements Ladder {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration UNTIL_KNOWN = Duration.ofSeconds(2);
  private static final Duration UNTIL_NEWS = Duration.ofSeconds(4);

  private final Ladder own;
  private final Ladder foot;
  private final Leader leader;
  private final LongSupplier nanos;
  private final AtomicReference<@Nullable Look> last;

  /** What is known of the gateway that leads; from any thread. */
  public interface Leader {
    /** Whether it is not known yet who leads, and soon will be. */
    boolean pending();

    /** Its last climb; null where this gateway is to climb by itself. */
    @Nullable Climb climb();

    /**
     * For how long the way from here need not be looked at while it is as the leader finds it; zero
     * where it is to be looked at now.
     */
    Duration rest();
  }

  /** The last look from here. */
  private record Look(boolean reached, long at) {}

  /**
   * @param own the whole ladder
   * @param foot the same as far as TCP
   */
  public JoinedLadder(Ladder own, Ladder foot, Leader leader, LongSupplier nanos) {
    this(own, foot, leader, nanos, new AtomicReference<>());
  }

  private JoinedLadder(
      Ladder own,
      Ladder foot,
      Leader leader,
      LongSupplier nanos,
      AtomicReference<@Nullable Look> last) {
    this.own = own;
    this.foot = foot;
    this.leader = leader;
    this.nanos = nanos;
    this.last = last;
  }

  @Override
  public Mono<Climb> climb(boolean full, Consumer<Sample> seen) {
    return known()
        .then(
            Mono.defer(
                () -> {
                  Climb theirs = leader.climb();
                  return theirs == null ? own.climb(full, seen) : beside(theirs, full, seen);
                }));
  }

  @Override
  public Ladder within(Duration full) {
    return new JoinedLadder(own.within(full), foot, leader, nanos, last);
  }

  private Mono<Void> known() {
    return leader.pending()
        ? Mono.delay(PAUSE).repeat(leader::pending).take(UNTIL_KNOWN).then()
        : Mono.empty();
  }

  private Mono<Climb> beside(Climb theirs, boolean full, Consumer<Sample> seen) {
    if (rests(theirs)) {
      theirs.samples().forEach(seen);
      return Mono.just(theirs);
    }
    return foot.climb(false, seen)
        .doOnNext(mine -> last.set(new Look(mine.ok(), nanos.getAsLong())))
        .flatMap(
            mine -> {
              if (!mine.ok()) {
                return Mono.just(mine);
              }
              return reaches(theirs)
                  ? Mono.just(joined(mine, theirs, seen))
                  : news(theirs)
                      .map(newer -> joined(mine, newer, seen))
                      .switchIfEmpty(own.climb(full, seen));
            });
  }

  private boolean rests(Climb theirs) {
    Look look = last.get();
    return look != null
        && !frozen(theirs)
        && look.reached() == reaches(theirs)
        && nanos.getAsLong() - look.at() < leader.rest().toNanos();
  }

  /** The leader's next climb that goes further than this one. */
  private Mono<Climb> news(Climb broken) {
    return Flux.interval(PAUSE, PAUSE)
        .take(UNTIL_NEWS)
        .onBackpressureDrop()
        .mapNotNull(tick -> leader.climb())
        .filter(climb -> !climb.at().equals(broken.at()) && reaches(climb))
        .next();
  }

  /** What is wrong on its way there, or with itself, need not be wrong here. */
  private static boolean reaches(Climb climb) {
    Sample failed = climb.failed();
    return !frozen(climb) && (failed == null || above(failed));
  }

  private static boolean frozen(Climb climb) {
    return climb.samples().stream().anyMatch(sample -> Signal.FROZEN.equals(sample.signal()));
  }

  private static boolean above(Sample sample) {
    return sample.rung().compareTo(Rung.TCP) > 0;
  }

  private static Climb joined(Climb mine, Climb theirs, Consumer<Sample> seen) {
    List<Sample> samples = new ArrayList<>(mine.samples());
    for (Sample sample : theirs.samples()) {
      if (above(sample)) {
        samples.add(sample);
        seen.accept(sample);
      }
    }
    return new Climb(mine.targetId(), mine.at(), mine.vantage(), samples, theirs.sessions());
  }
}
