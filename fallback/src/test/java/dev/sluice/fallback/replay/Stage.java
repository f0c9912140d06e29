package dev.sluice.fallback.replay;

import dev.sluice.config.Writes;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A replay in virtual time, with a backend that answers by script and a history of it all. */
final class Stage implements AutoCloseable {
  static final Pace PACE =
      new Pace(
          10,
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          Duration.ofSeconds(1),
          16,
          32,
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofMillis(50));

  final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  final InstantSource clock = () -> Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS));
  final MemoryStore store = new MemoryStore(clock);
  final Map<String, Writes> options = new HashMap<>(Map.of(Sent.ROUTE, Sent.PLAIN));
  final Set<String> closedRoutes = new HashSet<>();
  final List<String> sent = new ArrayList<>();
  final List<QueuedWrite> inFlight = new ArrayList<>();
  final List<AssertionError> broken = new ArrayList<>();
  final List<String> faults = new ArrayList<>();
  final List<Set<String>> orphaned = new ArrayList<>();
  final List<Integer> levels = new ArrayList<>();
  final List<WriteState> ends = new ArrayList<>();
  final List<String> unsent = new ArrayList<>();
  int cancelled;
  int mostInFlight;
  Duration within;
  Duration takes = Duration.ofMillis(100);
  Function<QueuedWrite, Mono<ReplayOutcome>> backend = write -> Mono.just(Sent.answer(200));
  Consumer<QueuedWrite> onSend = write -> {};
  final Replayer replayer =
      new Replayer(
          store,
          (write, within) -> send(write, within),
          route -> !closedRoutes.contains(route),
          options::get,
          clock,
          new Random(11),
          new Listener(),
          PACE,
          time);

  private Mono<ReplayOutcome> send(QueuedWrite write, Duration limit) {
    within = limit;
    sent.add(write.id());
    look(write);
    inFlight.add(write);
    mostInFlight = Math.max(mostInFlight, inFlight.size());
    return Mono.delay(takes, time)
        .then(Mono.defer(() -> backend.apply(write)))
        .doOnCancel(() -> cancelled++)
        .doFinally(end -> inFlight.remove(write));
  }

  /** A failed assertion would pass for a failed attempt here; it is kept for the end. */
  private void look(QueuedWrite write) {
    try {
      onSend.accept(write);
    } catch (AssertionError e) {
      broken.add(e);
    }
  }

  private final class Listener implements ReplayListener {
    @Override
    public void ended(QueuedWrite write, Completion completion) {
      ends.add(completion.state());
    }

    @Override
    public void endedUnsent(QueuedWrite write) {
      unsent.add(write.id() + " " + write.state());
    }

    @Override
    public void pace(String routeId, int level) {
      levels.add(level);
    }

    @Override
    public void orphaned(Set<String> routeIds) {
      orphaned.add(routeIds);
    }

    @Override
    public void faulted(String what) {
      faults.add(what);
    }
  }

  Stage start() {
    replayer.start();
    return this;
  }

  Stage pass(Duration span) {
    time.advanceTimeBy(span);
    return this;
  }

  Stage pass(long millis) {
    return pass(Duration.ofMillis(millis));
  }

  WriteState state(String id) {
    return store.get(id).state();
  }

  @Override
  public void close() {
    replayer.close();
  }
}
