package dev.sluice.probes.ladder;

import java.util.List;
import reactor.core.publisher.Mono;

/** One climb's rungs and what they hand to each other; made anew for each climb. */
interface Way {
  List<Step> steps(boolean full);

  /** Takes leave of the far side politely, where it answered to the end. */
  default Mono<Void> leave() {
    return Mono.empty();
  }
}
