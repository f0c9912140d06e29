package dev.sluice.fallback.replay;

import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Takes due writes from the store, each call with a deadline. */
final class Claims {
  private final WriteStore store;
  private final Duration deadline;
  private final InstantSource clock;
  private final Scheduler scheduler;

  Claims(WriteStore store, Duration deadline, InstantSource clock, Scheduler scheduler) {
    this.store = store;
    this.deadline = deadline;
    this.clock = clock;
    this.scheduler = scheduler;
  }

  /** The routes that have due writes; none is taken. */
  Mono<Set<String>> routes() {
    Set<String> found = ConcurrentHashMap.newKeySet();
    Predicate<String> none =
        id -> {
          found.add(id);
          return false;
        };
    return Mono.fromFuture(() -> store.claim(1, clock.instant(), none), true)
        .timeout(deadline, scheduler)
        .publishOn(scheduler)
        .thenReturn(found);
  }

  /** Due writes of the routes that match. Those that come after the deadline are given back. */
  Mono<List<QueuedWrite>> take(int room, Predicate<String> route) {
    return Mono.defer(
        () -> {
          CompletableFuture<List<QueuedWrite>> claim = store.claim(room, clock.instant(), route);
          return Mono.fromFuture(claim, true)
              .timeout(deadline, scheduler)
              .doOnError(e -> claim.thenAccept(late -> late.forEach(this::giveBack)))
              .publishOn(scheduler);
        });
  }

  void giveBack(QueuedWrite write) {
    store.release(write.id(), write.epoch(), clock.instant(), "claimed and not sent");
  }
}
