package dev.sluice.fallback.replay;

import dev.sluice.fallback.queue.WriteStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Ends writes whose time ran out and deletes ended ones after their retention. For one thread. */
final class Housekeeping {
  private static final Duration PURGE_EVERY = Duration.ofMinutes(1);
  private static final Duration PURGE_FOR = Duration.ofSeconds(10);

  private final WriteStore store;
  private final Duration deadline;
  private final Scheduler scheduler;
  private final ReplayListener listener;
  private Instant purged = Instant.MIN;
  private boolean expiring;

  Housekeeping(WriteStore store, Duration deadline, Scheduler scheduler, ReplayListener listener) {
    this.store = store;
    this.deadline = deadline;
    this.scheduler = scheduler;
    this.listener = listener;
  }

  void keep(Instant now) {
    if (!store.healthy()) {
      return;
    }
    if (store.anyBacklog() && !expiring) {
      expiring = true;
      expire(now);
    }
    if (purged.isBefore(now.minus(PURGE_EVERY))) {
      purged = now;
      purge(now);
    }
  }

  private void expire(Instant now) {
    Mono.fromFuture(() -> store.expire(now), true)
        .timeout(deadline, scheduler)
        .publishOn(scheduler)
        .repeat()
        .takeUntil(List::isEmpty)
        .take(PURGE_FOR, scheduler)
        .doFinally(end -> expiring = false)
        .flatMapIterable(writes -> writes)
        .subscribe(listener::endedUnsent, e -> listener.faulted("expired writes stay: " + e));
  }

  /** One commit after the other until nothing is left to delete or the time is used up. */
  private void purge(Instant now) {
    Mono.fromFuture(() -> store.purge(now), true)
        .timeout(deadline, scheduler)
        .repeat()
        .takeUntil(deleted -> deleted == 0)
        .take(PURGE_FOR, scheduler)
        .subscribe(writes -> {}, e -> listener.faulted("ended writes stay: " + e));
  }
}
