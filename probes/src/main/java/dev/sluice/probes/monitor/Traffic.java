package dev.sluice.probes.monitor;

import dev.sluice.probes.breaker.Breakers;
import dev.sluice.probes.breaker.Failure;
import dev.sluice.probes.verdict.Passive;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Counts live outcomes; one that fails or is slow asks for a climb, once a second and target. */
final class Traffic implements TrafficWitness {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Map<String, PassiveWindow> windows = new HashMap<>();
  private final Map<String, AtomicLong> triggered = new HashMap<>();
  private final Breakers breakers;
  private final LongSupplier nanos;
  private final Consumer<String> climb;

  /** The ids are all that is ever counted, so that the maps are never written again. */
  Traffic(Set<String> ids, Breakers breakers, LongSupplier nanos, Consumer<String> climb) {
    this.breakers = breakers;
    this.nanos = nanos;
    this.climb = climb;
    long past = nanos.getAsLong() - SECOND;
    for (String id : ids) {
      windows.put(id, new PassiveWindow());
      triggered.put(id, new AtomicLong(past));
    }
  }

  Passive read(String id) {
    PassiveWindow window = windows.get(id);
    return window == null ? Passive.NONE : window.read(nanos.getAsLong());
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
    trigger(backendId, dependencyIds);
  }

  private void count(String backendId, List<String> dependencyIds, int outcome) {
    long now = nanos.getAsLong();
    count(backendId, outcome, now);
    for (String id : dependencyIds) {
      count(id, outcome, now);
    }
  }

  private void count(String id, int outcome, long now) {
    PassiveWindow window = windows.get(id);
    if (window != null) {
      window.count(outcome, now);
    }
  }

  private void trigger(String backendId, List<String> dependencyIds) {
    trigger(backendId);
    dependencyIds.forEach(this::trigger);
  }

  private void trigger(String id) {
    AtomicLong last = triggered.get(id);
    if (last == null) {
      return;
    }
    long now = nanos.getAsLong();
    long before = last.get();
    if (now - before >= SECOND && last.compareAndSet(before, now)) {
      climb.accept(id);
    }
  }
}
