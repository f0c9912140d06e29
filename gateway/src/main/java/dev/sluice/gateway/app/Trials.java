package dev.sluice.gateway.app;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.proxy.Snapshot;
import dev.sluice.gateway.validate.Revalidated;
import dev.sluice.gateway.validate.Revalidated.Trigger;
import dev.sluice.gateway.validate.Validated;
import dev.sluice.probes.breaker.Move;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.validation.Conditions;
import dev.sluice.probes.validation.Limits;
import dev.sluice.probes.validation.Ruling;
import dev.sluice.probes.validation.Step;
import dev.sluice.probes.validation.Suite;
import dev.sluice.probes.validation.Validation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/**
 * The validations that a running gateway makes: of a dependency whose breaker has closed, on
 * schedules, and when it is asked. One at a time, the others wait in their order. Remembers the
 * last results. Safe from any thread; never blocks.
 */
final class Trials implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.validation");
  private static final int REMEMBERED = 50;
  private static final int MOST_WAITING = 20;

  private final Supplier<Snapshot> now;
  private final Supplier<BooleanSupplier> guard;
  private final Baselines baselines;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Consumer<Revalidated> told;
  private final Deque<Wanted> waiting = new ArrayDeque<>();
  private final Deque<Revalidated> latest = new ArrayDeque<>();
  private @Nullable Wanted underWay;
  private @Nullable Disposable running;
  private boolean closed;

  /** What is tried out, and why. */
  private record Wanted(Trigger trigger, String subject, Suite suite) {}

  /**
   * @param guard begins to watch how clients fare, and tells whether they fare worse since
   * @param told takes every result
   */
  Trials(
      Supplier<Snapshot> now,
      Supplier<BooleanSupplier> guard,
      Baselines baselines,
      InstantSource clock,
      LongSupplier nanos,
      Consumer<Revalidated> told) {
    this.now = now;
    this.guard = guard;
    this.baselines = baselines;
    this.clock = clock;
    this.nanos = nanos;
    this.told = told;
  }

  /** A breaker moved. */
  void moved(Move move) {
    Configuration configuration = now.get().configuration();
    if (move.from() != move.to()
        && move.to() == BreakerState.CLOSED
        && configuration.operation().validation().byItself()
        && configuration.dependency(move.id()).isPresent()) {
      begin(Trigger.CLOSED, move.id(), Suite.QUICK);
    }
  }

  /**
   * Begins one, or lets it wait.
   *
   * @return false where the same waits already, or too many do
   */
  synchronized boolean begin(Trigger trigger, String subject, Suite suite) {
    Wanted wanted = new Wanted(trigger, subject, suite);
    if (closed
        || wanted.equals(underWay)
        || waiting.contains(wanted)
        || waiting.size() >= MOST_WAITING) {
      return false;
    }
    waiting.addLast(wanted);
    next();
    return true;
  }

  private synchronized void next() {
    if (closed || underWay != null) {
      return;
    }
    Wanted first = waiting.pollFirst();
    underWay = first;
    if (first != null) {
      running = run(first);
    }
  }

  private Disposable run(Wanted wanted) {
    Configuration configuration = now.get().configuration();
    Instant begun = clock.instant();
    long since = nanos.getAsLong();
    Limits limits = Limits.of(configuration.operation().validation());
    Conditions conditions = new Conditions(limits, baselines::usual, guard.get());
    return Validation.run(looked(wanted, configuration), wanted.suite(), conditions, clock, nanos)
        .subscribeOn(Schedulers.boundedElastic())
        .collectList()
        .doFinally(end -> over())
        .subscribe(
            steps -> ended(wanted, validated(wanted, configuration, begun, since, steps)),
            fault -> LOG.error("a fault in the validation of {}", wanted.subject(), fault));
  }

  private static Configuration looked(Wanted wanted, Configuration configuration) {
    return wanted.trigger() == Trigger.CLOSED
        ? configuration.only(wanted.subject())
        : configuration.open();
  }

  private Validated validated(
      Wanted wanted, Configuration configuration, Instant begun, long since, List<Step> steps) {
    Duration took = Duration.ofNanos(nanos.getAsLong() - since);
    return new Validated(configuration.environment(), wanted.suite(), begun, took, steps);
  }

  private synchronized void over() {
    underWay = null;
    next();
  }

  private void ended(Wanted wanted, Validated validated) {
    Revalidated result = new Revalidated(wanted.trigger(), wanted.subject(), validated);
    synchronized (this) {
      latest.addFirst(result);
      if (latest.size() > REMEMBERED) {
        latest.removeLast();
      }
    }
    boolean well = validated.ruling() == Ruling.FIXED;
    if (well) {
      baselines.learn(validated, clock.instant());
    }
    if (!well) {
      LOG.warn("{}", result.sentence());
    } else if (wanted.trigger() == Trigger.SCHEDULE) {
      LOG.debug("{}", result.sentence());
    } else {
      LOG.info("{}", result.sentence());
    }
    told.accept(result);
  }

  /** The latest first. */
  synchronized List<Revalidated> latest() {
    return List.copyOf(latest);
  }

  /** Dependencies whose breakers have closed, and of which is not known yet how they fare. */
  synchronized Set<String> closing() {
    return Stream.concat(Stream.ofNullable(underWay), waiting.stream())
        .filter(wanted -> wanted.trigger() == Trigger.CLOSED)
        .map(Wanted::subject)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether one runs or waits. */
  synchronized boolean busy() {
    return underWay != null || !waiting.isEmpty();
  }

  @Override
  public synchronized void close() {
    closed = true;
    waiting.clear();
    Disposable last = running;
    if (last != null) {
      last.dispose();
    }
  }
}
