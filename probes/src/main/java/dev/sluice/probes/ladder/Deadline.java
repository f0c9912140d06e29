package dev.sluice.probes.ladder;

import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Signal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A rung's deadline, which is the far side's alone: where the event loop of the rung's own sockets
 * is busy when it passes, with the hashing of a login for instance, the time is given once more.
 */
final class Deadline {
  /** A loop that has nothing else to do gets to a task within this. */
  private static final Duration PROMPT = Duration.ofMillis(50);

  private final Rung rung;
  private final Duration limit;
  private final Sockets sockets;
  private final Scheduler timer;
  private final AtomicBoolean busy = new AtomicBoolean();

  Deadline(Rung rung, Duration limit, Sockets sockets, Scheduler timer) {
    this.rung = rung;
    this.limit = limit;
    this.sockets = sockets;
    this.timer = timer;
  }

  /**
   * The same walk, failed once the deadline is over: as {@link Signal#FROZEN} where this process
   * was busy all the while, else as silence of the far side. Three deadlines long at most.
   */
  <T> Mono<T> keptBy(Mono<T> walk) {
    Mono<Boolean> over = looked(limit).flatMap(held -> held ? looked(PROMPT) : Mono.empty());
    return walk.timeout(over, Mono.error(this::over));
  }

  /**
   * After the limit: whether a loop does not get to a task at once; waits so long until it does.
   */
  private Mono<Boolean> looked(Duration patience) {
    return Mono.delay(limit, timer).then(Mono.defer(() -> late(patience))).doOnNext(busy::set);
  }

  private Mono<Boolean> late(Duration patience) {
    Mono<Void> turns = sockets.turns().cache();
    Mono<Boolean> late = turns.timeout(patience, Mono.empty(), timer).thenReturn(true);
    return turns.thenReturn(false).timeout(PROMPT, late, timer);
  }

  /**
   * Silence after a login is slowness: the server spoke a moment ago. Silence to a connect is a
   * timeout, whichever of the two deadlines came first.
   */
  private RungFailure over() {
    return rung == Rung.SELF || busy.get()
        ? RungFailure.signal(
            Signal.FROZEN, "This process did not get to it for " + limit.toMillis() + " ms.")
        : RungFailure.signal(Signal.overdue(rung), "No answer within " + limit.toMillis() + " ms.");
  }
}
