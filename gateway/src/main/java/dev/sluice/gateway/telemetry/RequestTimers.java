package dev.sluice.gateway.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The timers of requests, by route, outcome and class of the status. Each is looked up by what the
 * caller has already: recording allocates nothing. Safe from any thread.
 */
final class RequestTimers {
  private static final String[] CLASSES = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"};

  private final MeterRegistry registry;
  private final Map<String, Map<String, AtomicReferenceArray<Timer>>> routes =
      new ConcurrentHashMap<>();

  RequestTimers(MeterRegistry registry) {
    this.registry = registry;
  }

  void record(String routeId, String outcome, int status, long nanos) {
    AtomicReferenceArray<Timer> classes = classes(routeId, outcome);
    int index = status >= 100 && status < 600 ? status / 100 : 0;
    Timer timer = classes.get(index);
    if (timer == null) {
      timer = registered(routeId, outcome, index);
      classes.set(index, timer);
    }
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  private AtomicReferenceArray<Timer> classes(String routeId, String outcome) {
    Map<String, AtomicReferenceArray<Timer>> outcomes = routes.get(routeId);
    if (outcomes == null) {
      outcomes = routes.computeIfAbsent(routeId, id -> new ConcurrentHashMap<>());
    }
    AtomicReferenceArray<Timer> classes = outcomes.get(outcome);
    return classes == null
        ? outcomes.computeIfAbsent(outcome, o -> new AtomicReferenceArray<>(CLASSES.length))
        : classes;
  }

  /** Two threads that register the same one at once both get the registry's. */
  private Timer registered(String routeId, String outcome, int index) {
    return Timer.builder("sluice.requests")
        .tags("route", routeId, "outcome", outcome, "status", CLASSES[index])
        .register(registry);
  }
}
