package dev.sluice.fallback.replay;

import dev.sluice.config.Writes;
import dev.sluice.config.Writes.OnDead;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.Ending;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteStore;
import dev.sluice.fallback.replay.ReplayOutcome.Ambiguous;
import dev.sluice.fallback.replay.ReplayOutcome.NotSent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Takes one claimed write through one attempt and commits what came of it. */
final class Attempts {
  private final WriteStore store;
  private final Sender sender;
  private final Gate gate;
  private final Function<String, @Nullable Writes> options;
  private final Pace pace;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ReplayListener listener;
  private final Scheduler scheduler;

  Attempts(
      WriteStore store,
      Sender sender,
      Gate gate,
      Function<String, @Nullable Writes> options,
      Pace pace,
      InstantSource clock,
      RandomGenerator random,
      ReplayListener listener,
      Scheduler scheduler) {
    this.store = store;
    this.sender = sender;
    this.gate = gate;
    this.options = options;
    this.pace = pace;
    this.clock = clock;
    this.random = random;
    this.listener = listener;
    this.scheduler = scheduler;
  }

  /**
   * An attempt that was made.
   *
   * @param took until its outcome was known
   */
  record Made(ReplayOutcome outcome, Duration took) {}

  /**
   * Emits the outcome once it is committed; nothing when the write ended without being sent. An
   * error means that the outcome could not be committed: the store holds the write as in flight.
   */
  Mono<Made> make(QueuedWrite write) {
    return Mono.defer(
        () -> {
          Writes routeOptions = options.apply(write.request().routeId());
          Completion unsendable = Outcomes.unsendable(write, routeOptions, pace);
          if (unsendable != null) {
            return commit(write, ended(unsendable, routeOptions)).then(Mono.empty());
          }
          return send(write)
              .elapsed(scheduler)
              .map(timed -> new Made(timed.getT2(), Duration.ofMillis(timed.getT1())))
              .flatMap(
                  made ->
                      commit(write, decide(write, made.outcome(), routeOptions)).thenReturn(made));
        });
  }

  private Next decide(QueuedWrite write, ReplayOutcome outcome, @Nullable Writes routeOptions) {
    Next next = Outcomes.next(write, outcome, routeOptions, pace, clock.instant(), random);
    return next instanceof Next.End end ? ended(end.completion(), routeOptions) : next;
  }

  private static Next ended(Completion completion, @Nullable Writes routeOptions) {
    OnDead then = routeOptions == null ? OnDead.CONTINUE : routeOptions.onDead();
    return new Next.End(completion.then(then));
  }

  private Mono<ReplayOutcome> send(QueuedWrite write) {
    if (!open(write)) {
      return Mono.just(new NotSent("the breaker opened"));
    }
    if (!store.leased(write)) {
      return Mono.just(new NotSent("it was claimed too long ago"));
    }
    listener.sending(write);
    return Mono.defer(() -> sender.send(write, pace.within()))
        .timeout(pace.attemptDeadline(), scheduler)
        .onErrorResume(failure -> Mono.just(new Ambiguous(words(failure))))
        .switchIfEmpty(Mono.fromSupplier(() -> new Ambiguous("the attempt had no outcome")))
        .publishOn(scheduler);
  }

  /** A gate that fails is closed: the write must not stay in flight unsent. */
  private boolean open(QueuedWrite write) {
    try {
      return gate.open(write.request().routeId());
    } catch (RuntimeException e) {
      listener.faulted("the gate failed: " + e);
      return false;
    }
  }

  private String words(Throwable failure) {
    return failure instanceof TimeoutException
        ? "no outcome within " + pace.attemptDeadline().toSeconds() + " s"
        : "the attempt failed: " + failure;
  }

  private Mono<Void> commit(QueuedWrite write, Next next) {
    return Mono.fromFuture(() -> change(write, next), true)
        .timeout(pace.storeDeadline(), scheduler)
        .publishOn(scheduler)
        .doOnNext(ending -> tell(write, next, ending))
        .then();
  }

  private CompletableFuture<Ending> change(QueuedWrite write, Next next) {
    if (next instanceof Next.Retry retry) {
      return alone(store.retryLater(write.id(), write.epoch(), retry.at(), retry.error()));
    }
    if (next instanceof Next.Release release) {
      return alone(store.release(write.id(), write.epoch(), release.at(), release.reason()));
    }
    return store.complete(write.id(), write.epoch(), ((Next.End) next).completion());
  }

  private static CompletableFuture<Ending> alone(CompletableFuture<Boolean> change) {
    return change.thenApply(current -> current ? Ending.ALONE : Ending.STALE);
  }

  private void tell(QueuedWrite write, Next next, Ending ending) {
    if (!ending.current()) {
      listener.faulted("write " + write.id() + " was claimed again before its outcome was known");
    } else if (next instanceof Next.Retry retry) {
      listener.retrying(write, retry.at(), retry.error());
    } else if (next instanceof Next.Release release) {
      listener.released(write, release.at(), release.reason());
    } else {
      listener.ended(write, ((Next.End) next).completion());
      ending.behind().forEach(listener::endedUnsent);
    }
  }
}
