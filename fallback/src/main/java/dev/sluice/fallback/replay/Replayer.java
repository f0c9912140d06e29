package dev.sluice.fallback.replay;

import dev.sluice.config.Writes;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteStore;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Releases queued writes to their backends: only on routes whose gate is open, one at a time and in
 * sequence per ordering key (which the store sees to), each route at its own rising pace. All state
 * belongs to one daemon thread. Writes of a route that is gone, or that queues no longer, stay.
 *
 * <p>A write whose outcome could not be committed, or that is in flight when closing gives up
 * waiting, stays in flight in the store, which marks it as interrupted when it is opened again.
 */
public final class Replayer implements AutoCloseable {
  private final WriteStore store;
  private final Gate gate;
  private final Function<String, @Nullable Writes> options;
  private final Pace pace;
  private final InstantSource clock;
  private final ReplayListener listener;
  private final Scheduler scheduler;
  private final Claims claims;
  private final Attempts attempts;
  private final Housekeeping housekeeping;

  private final Map<String, Lane> lanes = new HashMap<>();
  private volatile int inFlight;
  private boolean surveying;
  private Set<String> orphaned = Set.of();
  private boolean closing;
  private volatile Disposable tick = Disposables.disposed();

  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private final Sinks.Empty<Void> abandoned = Sinks.empty();

  /**
   * A replay that runs from {@link #start} on, on a thread of its own.
   *
   * @param options what a route says of its writes; null when it is gone or queues none
   * @param pace how fast and how long it tries
   */
  public Replayer(
      WriteStore store,
      Sender sender,
      Gate gate,
      Function<String, @Nullable Writes> options,
      InstantSource clock,
      RandomGenerator random,
      ReplayListener listener,
      Pace pace) {
    this(
        store,
        sender,
        gate,
        options,
        clock,
        random,
        listener,
        pace,
        Schedulers.newSingle("sluice-replay", true));
  }

  /** As above, with the scheduler given: it must run one task at a time and is disposed of here. */
  Replayer(
      WriteStore store,
      Sender sender,
      Gate gate,
      Function<String, @Nullable Writes> options,
      InstantSource clock,
      RandomGenerator random,
      ReplayListener listener,
      Pace pace,
      Scheduler scheduler) {
    this.store = store;
    this.gate = gate;
    this.options = options;
    this.pace = pace;
    this.clock = clock;
    this.listener = listener;
    this.scheduler = scheduler;
    this.claims = new Claims(store, pace.storeDeadline(), clock, scheduler);
    this.attempts =
        new Attempts(store, sender, gate, options, pace, clock, random, listener, scheduler);
    this.housekeeping = new Housekeeping(store, pace.storeDeadline(), scheduler, listener);
  }

  /** Begins; a second call does nothing. */
  public void start() {
    if (started.compareAndSet(false, true) && !closed.get()) {
      long poll = pace.poll().toMillis();
      tick = scheduler.schedulePeriodically(this::round, 0, poll, TimeUnit.MILLISECONDS);
    }
  }

  /** Looks for due writes now, not at the next poll: a breaker closed. Cheap, from any thread. */
  public void wake() {
    if (started.get() && !closed.get() && woken.compareAndSet(false, true)) {
      scheduler.schedule(
          () -> {
            woken.set(false);
            round();
          });
    }
  }

  /** Writes in flight or about to be. */
  public int inFlight() {
    return inFlight;
  }

  private void round() {
    if (closing) {
      return;
    }
    try {
      housekeeping.keep(clock.instant());
      lanes
          .values()
          .removeIf(lane -> lane.inFlight() == 0 && options.apply(lane.routeId()) == null);
      lanes.values().stream().filter(lane -> !open(lane.routeId())).forEach(Lane::closed);
      pumpAll();
      survey();
    } catch (RuntimeException e) {
      listener.faulted("a round of the replay failed: " + e);
    }
  }

  private boolean open(String routeId) {
    return options.apply(routeId) != null && gate.open(routeId);
  }

  /** Learns which routes have due writes, and takes none. */
  private void survey() {
    if (!store.anyBacklog()) {
      orphans(Set.of());
      listener.drained();
      return;
    }
    if (surveying || !store.healthy()) {
      return;
    }
    surveying = true;
    claims
        .routes()
        .doFinally(end -> surveying = false)
        .subscribe(
            this::surveyed, e -> listener.faulted("the store does not say what is due: " + e));
  }

  private void surveyed(Set<String> routeIds) {
    Set<String> gone = new TreeSet<>(routeIds);
    gone.removeIf(id -> options.apply(id) != null);
    orphans(gone);
    routeIds.forEach(this::serve);
  }

  private void orphans(Set<String> routeIds) {
    if (!orphaned.equals(routeIds)) {
      orphaned = Set.copyOf(routeIds);
      listener.orphaned(orphaned);
    }
  }

  private void serve(String routeId) {
    if (options.apply(routeId) != null) {
      pump(lanes.computeIfAbsent(routeId, id -> new Lane(id, pace.perRoute(), listener)));
    }
  }

  /** The lane with the fewest writes in flight first, so that none starves. */
  private void pumpAll() {
    lanes.values().stream()
        .sorted(Comparator.comparingInt(Lane::inFlight))
        .toList()
        .forEach(this::pump);
  }

  private void pump(Lane lane) {
    int room = Math.min(lane.spare(), pace.total() - inFlight);
    if (closing || room <= 0 || !store.healthy() || !open(lane.routeId())) {
      return;
    }
    lane.claim(room);
    occupy(room);
    String routeId = lane.routeId();
    claims
        .take(room, id -> id.equals(routeId) && open(id))
        .subscribe(
            writes -> claimed(lane, room, writes),
            e -> {
              claimed(lane, room, List.of());
              listener.faulted("the store gives no writes: " + e);
            });
  }

  private void claimed(Lane lane, int room, List<QueuedWrite> writes) {
    int unused = room - writes.size();
    lane.claimed(unused);
    occupy(-unused);
    for (QueuedWrite write : writes) {
      if (closing) {
        claims.giveBack(write);
        left(lane);
      } else {
        attempt(lane, write);
      }
    }
    settle();
  }

  private void attempt(Lane lane, QueuedWrite write) {
    attempts
        .make(write)
        .takeUntilOther(abandoned.asMono())
        .doFinally(
            end -> {
              left(lane);
              pumpAll();
              settle();
            })
        .subscribe(
            lane::came,
            e -> listener.faulted("the outcome of write " + write.id() + " is not kept: " + e));
  }

  private void left(Lane lane) {
    lane.left();
    occupy(-1);
  }

  /** Written by the replay's thread alone. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void occupy(int change) {
    inFlight += change;
  }

  private void settle() {
    if (closing && inFlight == 0) {
      drained.complete(null);
    }
  }

  /**
   * Begins no attempt any more and waits for those in flight, up to {@link Pace#drain}. Not to be
   * called from the replay's own thread.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    scheduler.schedule(
        () -> {
          closing = true;
          tick.dispose();
          settle();
        });
    if (!await(pace.drain().toMillis())) {
      scheduler.schedule(abandoned::tryEmitEmpty);
      await(1000);
    }
    scheduler.dispose();
  }

  private boolean await(long millis) {
    try {
      drained.get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
