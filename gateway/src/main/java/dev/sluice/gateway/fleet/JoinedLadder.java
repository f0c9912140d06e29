package dev.sluice.gateway.fleet;

import dev.sluice.probes.ladder.Ladder;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Climbs the foot of a ladder from here and takes the rest from the gateway that leads, so that
 * forty gateways do not all log in to one database. Where the foot does not hold, the leader found
 * it broken, or the leader has not been heard of lately, the whole ladder is climbed from here.
 */
public final class JoinedLadder implements Ladder {
  private final Ladder own;
  private final Ladder foot;
  private final Supplier<@Nullable Climb> leaders;

  /**
   * @param own the whole ladder
   * @param foot the same as far as TCP
   * @param leaders the leader's last climb; null where this gateway is to climb by itself
   */
  public JoinedLadder(Ladder own, Ladder foot, Supplier<@Nullable Climb> leaders) {
    this.own = own;
    this.foot = foot;
    this.leaders = leaders;
  }

  @Override
  public Mono<Climb> climb(boolean full, Consumer<Sample> seen) {
    return Mono.defer(
        () -> {
          Climb theirs = leaders.get();
          return theirs == null || unfit(theirs)
              ? own.climb(full, seen)
              : foot.climb(false, seen)
                  .flatMap(
                      mine ->
                          mine.ok()
                              ? Mono.just(joined(mine, theirs, seen))
                              : own.climb(full, seen));
        });
  }

  @Override
  public Ladder within(Duration full) {
    return new JoinedLadder(own.within(full), foot, leaders);
  }

  /** What is wrong on its way there, or with itself, need not be wrong here. */
  private static boolean unfit(Climb climb) {
    Sample failed = climb.failed();
    boolean frozen =
        climb.samples().stream().anyMatch(sample -> Signal.FROZEN.equals(sample.signal()));
    return frozen || (failed != null && !above(failed));
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
