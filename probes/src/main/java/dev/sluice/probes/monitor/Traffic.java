package dev.sluice.probes.monitor;

import dev.sluice.probes.breaker.Breakers;
import dev.sluice.probes.breaker.Failure;
import dev.sluice.probes.verdict.Passive;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Counts live outcomes; one that fails or is slow asks for a climb, once a second and target. */
final class Traffic implements TrafficWitness {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Breakers breakers;
  private final LongSupplier nanos;
  private final Consumer<String> climb;
  private volatile Map<String, Seen> seen;

  /** What is remembered of one target: its outcomes, and when a climb was last asked for. */
  private record Seen(PassiveWindow window, AtomicLong triggered, AtomicReference<Told> told) {}

  /** Nothing but these ids is counted. */
  Traffic(Set<String> ids, Breakers breakers, LongSupplier nanos, Consumer<String> climb) {
    this.breakers = breakers;
    this.nanos = nanos;
    this.climb = climb;
    this.seen = seen(ids, Map.of());
  }

  /**
   * Counts these ids from now on.
   *
   * @param same those that keep what was counted
   */
  void follow(Set<String> ids, Set<String> same) {
    Map<String, Seen> kept = new HashMap<>(seen);
    kept.keySet().retainAll(same);
    seen = seen(ids, kept);
  }

  private Map<String, Seen> seen(Set<String> ids, Map<String, Seen> kept) {
    long past = nanos.getAsLong() - SECOND;
    Map<String, Seen> all = new HashMap<>();
    for (String id : ids) {
      Seen known = kept.get(id);
      all.put(
          id,
          known == null
              ? new Seen(
                  new PassiveWindow(), new AtomicLong(past), new AtomicReference<>(Told.NOTHING))
              : known);
    }
    return all;
  }

  Passive read(String id) {
    Seen target = seen.get(id);
    return target == null ? Passive.NONE : target.window.read(nanos.getAsLong());
  }

  /** What a backend told lately, not older than ten seconds; else nothing. */
  Told told(String backendId) {
    Seen target = seen.get(backendId);
    Told told = target == null ? Told.NOTHING : Objects.requireNonNull(target.told.get());
    return told.fresh(nanos.getAsLong()) ? told : Told.NOTHING;
  }

  @Override
  public void told(String backendId, String value) {
    Seen target = seen.get(backendId);
    if (target != null) {
      long now = nanos.getAsLong();
      target.told.updateAndGet(before -> before.with(value, now));
    }
  }

  @Override
  public void answered(String backendId, List<String> dependencyIds, int status, boolean marked) {
    if (status < 500) {
      count(backendId, dependencyIds, PassiveWindow.SUCCEEDED);
      breakers.served(dependencyIds);
      return;
    }
    count(backendId, dependencyIds, marked ? PassiveWindow.MARKED : PassiveWindow.UNMARKED);
    trigger(backendId, dependencyIds);
  }

  @Override
  public void failed(String backendId, List<String> dependencyIds, Failure failure) {
    count(backendId, dependencyIds, PassiveWindow.FAILED);
    trigger(backendId, dependencyIds);
  }

  @Override
  public void slow(String backendId, List<String> dependencyIds) {
    count(backendId, dependencyIds, PassiveWindow.SLOW);
    trigger(backendId, dependencyIds);
  }

  /** Outcomes of requests to a backend that need no dependency. */
  Passive spared(String backendId) {
    return read(sparedOf(backendId));
  }

  /** No id looks so. */
  static String sparedOf(String backendId) {
    return backendId + " alone";
  }

  private void count(String backendId, List<String> dependencyIds, int outcome) {
    long now = nanos.getAsLong();
    count(backendId, outcome, now);
    if (dependencyIds.isEmpty()) {
      count(sparedOf(backendId), outcome, now);
    }
    for (String id : dependencyIds) {
      count(id, outcome, now);
    }
  }

  private void count(String id, int outcome, long now) {
    Seen target = seen.get(id);
    if (target != null) {
      target.window.count(outcome, now);
    }
  }

  private void trigger(String backendId, List<String> dependencyIds) {
    trigger(backendId);
    dependencyIds.forEach(this::trigger);
  }

  private void trigger(String id) {
    Seen target = seen.get(id);
    if (target == null) {
      return;
    }
    AtomicLong last = target.triggered;
    long now = nanos.getAsLong();
    long before = last.get();
    if (now - before >= SECOND && last.compareAndSet(before, now)) {
      climb.accept(id);
    }
  }
}
