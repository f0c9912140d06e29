package dev.sluice.gateway.app;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.proxy.Snapshot;
import dev.sluice.gateway.validate.Revalidated;
import dev.sluice.gateway.validate.Validated;
import dev.sluice.probes.breaker.Move;
import dev.sluice.probes.mode.BreakerState;
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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Schedulers;

/**
 * Tries a dependency out when its breaker has closed: the quick suite, on it and on the backends
 * that need it, once at a time. Remembers the last results. Safe from any thread; never blocks.
 */
final class Revalidation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.validation");
  private static final int REMEMBERED = 20;

  private final Supplier<Snapshot> now;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Consumer<Revalidated> told;
  private final Map<String, Disposable> running = new ConcurrentHashMap<>();
  private final Deque<Revalidated> latest = new ArrayDeque<>();
  private volatile boolean closed;

  /**
   * @param told takes every result
   */
  Revalidation(
      Supplier<Snapshot> now, InstantSource clock, LongSupplier nanos, Consumer<Revalidated> told) {
    this.now = now;
    this.clock = clock;
    this.nanos = nanos;
    this.told = told;
  }

  /** A breaker moved. */
  void moved(Move move) {
    Configuration configuration = now.get().configuration();
    boolean wanted =
        move.from() != move.to()
            && move.to() == BreakerState.CLOSED
            && configuration.operation().validation().byItself()
            && configuration.dependency(move.id()).isPresent();
    Disposable.Swap trial = Disposables.swap();
    if (wanted && !closed && running.putIfAbsent(move.id(), trial) == null) {
      trial.update(begin(configuration, move.id()));
    }
  }

  private Disposable begin(Configuration configuration, String id) {
    Instant begun = clock.instant();
    long since = nanos.getAsLong();
    Limits limits = Limits.of(configuration.operation().validation());
    return Validation.run(configuration.only(id), Suite.QUICK, limits, clock, nanos)
        .subscribeOn(Schedulers.boundedElastic())
        .collectList()
        .doFinally(end -> running.remove(id))
        .subscribe(
            steps -> ended(id, validated(configuration, begun, since, steps)),
            fault -> LOG.error("a fault in the validation of {}", id, fault));
  }

  private Validated validated(
      Configuration configuration, Instant begun, long since, List<Step> steps) {
    Duration took = Duration.ofNanos(nanos.getAsLong() - since);
    return new Validated(configuration.environment(), Suite.QUICK, begun, took, steps);
  }

  private void ended(String id, Validated validated) {
    Revalidated result = new Revalidated(id, validated);
    synchronized (latest) {
      latest.addFirst(result);
      if (latest.size() > REMEMBERED) {
        latest.removeLast();
      }
    }
    if (validated.ruling() == Ruling.FIXED) {
      LOG.info("{}", result.sentence());
    } else {
      LOG.warn("{}", result.sentence());
    }
    told.accept(result);
  }

  /** The latest first. */
  List<Revalidated> latest() {
    synchronized (latest) {
      return List.copyOf(latest);
    }
  }

  @Override
  public void close() {
    closed = true;
    running.values().forEach(Disposable::dispose);
  }
}
