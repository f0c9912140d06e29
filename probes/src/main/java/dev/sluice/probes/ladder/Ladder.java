package dev.sluice.probes.ladder;

import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Sample;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** The rungs to one target. */
public interface Ladder {
  /**
   * Climbs from the lowest rung and stops at the first that fails. The Mono is cold, emits exactly
   * one climb and never an error; cancelling it closes every socket it opened. It emits on a probe
   * thread, which must not be blocked.
   *
   * @param full whether the full tier is climbed too, where the target has one
   */
  default Mono<Climb> climb(boolean full) {
    return climb(full, sample -> {});
  }

  /**
   * The same ladder, whose full tier is given up sooner.
   *
   * @param full at most what its own tier allows
   */
  default Ladder within(Duration full) {
    return this;
  }

  /**
   * The same, told rung by rung.
   *
   * @param seen called with each sample as soon as there is one, on a probe thread
   */
  Mono<Climb> climb(boolean full, Consumer<Sample> seen);
}
