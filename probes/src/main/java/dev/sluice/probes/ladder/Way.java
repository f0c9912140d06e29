package dev.sluice.probes.ladder;

import dev.sluice.probes.verdict.Sessions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** One climb's rungs and what they hand to each other; made anew for each climb. */
interface Way {
  List<Step> steps(boolean full);

  /** Who holds the server's connections, once that rung was climbed; null where there is none. */
  default @Nullable Sessions sessions() {
    return null;
  }

  /** Takes leave of the far side politely, where it answered to the end. */
  default Mono<Void> leave() {
    return Mono.empty();
  }
}
