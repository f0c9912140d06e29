package dev.sluice.probes.monitor;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One probe, again and again and never twice at once, on its own clock or when it is asked for. Its
 * state lives on the scheduler's only thread; {@link #soon()} may come from any.
 */
final class Round<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Round.class);

  private static final long SOON_MILLIS = 1_000;

  /** Between the end of a run and the next, which are otherwise counted from their beginnings. */
  private static final long LEAST_MILLIS = 250;

  private final Scheduler scheduler;
  private final Duration limit;
  private final Supplier<Mono<T>> work;
  private final Consumer<T> done;
  private final Supplier<Duration> pause;
  private final BooleanSupplier waits;
  private CompletableFuture<Void> end = CompletableFuture.completedFuture(null);
  private long due;
  private boolean running;
  private long begun;
  private boolean asked;
  private volatile boolean stopped;
  private volatile @Nullable Disposable timer;
  private volatile @Nullable Disposable flight;

  /**
   * @param pause from the beginning of a run to the next
   * @param waits whether one that is due waits until it is asked for
   */
  Round(
      Scheduler scheduler,
      Duration limit,
      Supplier<Mono<T>> work,
      Consumer<T> done,
      Supplier<Duration> pause,
      BooleanSupplier waits) {
    this.scheduler = scheduler;
    this.limit = limit;
    this.work = work;
    this.done = done;
    this.pause = pause;
    this.waits = waits;
    this.due = scheduler.now(TimeUnit.MILLISECONDS);
  }

  /**
   * Runs where its time has come, on the scheduler's thread.
   *
   * @return completed when no run is in flight any more
   */
  CompletableFuture<Void> ifDue() {
    if (scheduler.now(TimeUnit.MILLISECONDS) >= due) {
      run();
    }
    return end;
  }

  private void come() {
    if (!waits.getAsBoolean()) {
      run();
    }
  }

  /** Runs now, or within a second after the run in flight, which began before it was asked for. */
  void soon() {
    try {
      scheduler.schedule(this::ask);
    } catch (RejectedExecutionException closed) {
      LOG.debug("The monitor is closed.");
    }
  }

  private void ask() {
    asked = running;
    run();
  }

  private void run() {
    if (running || stopped) {
      return;
    }
    running = true;
    end = new CompletableFuture<>();
    begun = scheduler.now(TimeUnit.MILLISECONDS);
    end(timer);
    flight =
        Mono.defer(work)
            .timeout(limit, scheduler)
            .publishOn(scheduler)
            .subscribe(this::finish, this::fail, this::next);
  }

  private void finish(T result) {
    done.accept(result);
  }

  private void fail(Throwable error) {
    LOG.warn("A probe ended without a result: {}", error.toString());
    next();
  }

  private void next() {
    running = false;
    if (!stopped) {
      long usual = pause.get().toMillis();
      long took = scheduler.now(TimeUnit.MILLISECONDS) - begun;
      long millis = Math.max(LEAST_MILLIS, (asked ? Math.min(usual, SOON_MILLIS) : usual) - took);
      asked = false;
      due = scheduler.now(TimeUnit.MILLISECONDS) + millis;
      timer = scheduler.schedule(this::come, millis, TimeUnit.MILLISECONDS);
    }
    end.complete(null);
  }

  /** Ends the run in flight; on the scheduler's thread, or when that thread is gone. */
  void stop() {
    stopped = true;
    end(timer);
    end(flight);
    end.complete(null);
  }

  private static void end(@Nullable Disposable task) {
    if (task != null) {
      task.dispose();
    }
  }
}
