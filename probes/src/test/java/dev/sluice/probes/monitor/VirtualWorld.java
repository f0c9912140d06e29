package dev.sluice.probes.monitor;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.probes.breaker.Move;
import dev.sluice.probes.ladder.Ladder;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Reach;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A monitor in virtual time over probes that answer as told: the dependency db, the backend orders.
 */
final class VirtualWorld implements AutoCloseable {
  final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  final AtomicLong skipped = new AtomicLong();

  /** What each target's climb fails with; none for those that hold. */
  final Map<String, String> signals = new HashMap<>();

  final List<Boolean> fulls = new ArrayList<>();
  final List<Posture> published = new ArrayList<>();
  final List<String> changes = new ArrayList<>();

  /** Where the climb of db fails, and with which SQLSTATE. */
  Rung rung = Rung.TCP;

  String state;
  Vantage vantage = Vantage.SHARED;
  Duration slowness = Duration.ofMillis(5);

  /** The backend's answer at a moment, and how long it takes. */
  Function<Instant, BackendHealth> health = VirtualWorld::well;

  Duration healthTakes = Duration.ZERO;

  int underWay;
  int most;
  final Configuration settings;
  final Monitor monitor;

  VirtualWorld(Configuration settings) {
    this.settings = settings;
    MonitorListener listener =
        new MonitorListener() {
          @Override
          public void breaker(Move move) {
            changes.add(move.id() + " " + move.from() + " " + move.to());
          }
        };
    monitor = monitor((of, posture) -> published.add(posture), listener);
  }

  Monitor monitor(
      java.util.function.BiConsumer<Configuration, Posture> publish, MonitorListener listener) {
    return new Monitor(
        settings,
        this::instant,
        this::nanos,
        publish,
        listener,
        probing(),
        time,
        new SplittableRandom(7));
  }

  static BackendHealth well(Instant at) {
    return BackendHealth.answered(at, 200, "told", List.of(), null);
  }

  static BackendHealth silent(Instant at) {
    return BackendHealth.unanswered(at, Reach.SILENT, "no answer");
  }

  static BackendHealth gone(Instant at) {
    return BackendHealth.unanswered(at, Reach.REFUSED, "refused");
  }

  static BackendHealth failing(Instant at) {
    return BackendHealth.answered(at, 503, "told", List.of(), null);
  }

  DependencyStatus db() {
    return monitor.posture().dependencies().get("db");
  }

  BackendStatus orders() {
    return monitor.posture().backends().get("orders");
  }

  void pass(int seconds) {
    pass(Duration.ofSeconds(seconds));
  }

  void pass(Duration duration) {
    time.advanceTimeBy(duration);
  }

  long nanos() {
    return time.now(TimeUnit.NANOSECONDS) + skipped.get();
  }

  Instant instant() {
    return Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS));
  }

  @Override
  public void close() {
    monitor.close();
  }

  private Mono<Climb> climb(String id, Vantage from, boolean full) {
    Instant begun = instant();
    return Mono.delay(slowness, time).map(tick -> result(id, from, begun, full));
  }

  private Climb result(String id, Vantage from, Instant begun, boolean full) {
    String signal = signals.get(id);
    Sample one = Sample.good(id, Rung.SELECT_ONE, from, 1);
    if (signal == null) {
      Sample query = Sample.good(id, Rung.FULL_QUERY, from, 1);
      return new Climb(id, begun, from, full ? List.of(one, query) : List.of(one));
    }
    Rung failing = id.equals("db") ? rung : Rung.TCP;
    boolean late = failing == Rung.RECOVERY || failing == Rung.FULL_QUERY;
    Sample failed =
        new Sample(id, failing, from, false, 5, null, List.of(), state, false, "as told", signal);
    return new Climb(id, begun, from, late ? List.of(one, failed) : List.of(failed));
  }

  Probing probing() {
    return new Probing() {
      @Override
      public Ladder dependency(Dependency dependency, Vantage from) {
        return (full, seen) ->
            Mono.defer(
                () -> {
                  fulls.add(full);
                  most = Math.max(most, ++underWay);
                  return climb(dependency.id(), vantage, full)
                      .doOnNext(climb -> climb.samples().forEach(seen))
                      .doFinally(end -> underWay--);
                });
      }

      @Override
      public Ladder control(Control control) {
        return (full, seen) -> climb(control.id(), Vantage.GATEWAY, false);
      }

      @Override
      public Mono<BackendHealth> backend(Backend backend, Duration limit) {
        boolean late = healthTakes.compareTo(limit) > 0;
        return Mono.delay(late ? limit : healthTakes, time)
            .map(tick -> late ? silent(instant()) : health.apply(instant()));
      }

      @Override
      public void close() {}
    };
  }
}
