package dev.sluice.probes.ladder;

import dev.sluice.probes.verdict.Rung;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** One rung as a way climbs it. */
record Step(Rung rung, Duration deadline, Walk walk) {
  /** The rung itself. */
  interface Walk {
    /**
     * Emits a note for the sample, or nothing, and completes when the rung holds.
     *
     * @param limit what is left for this rung; whoever calls enforces it
     */
    Mono<Note> go(Duration limit);
  }
}
