package dev.sluice.gateway.recording;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.alerts.Alarms;
import dev.sluice.gateway.alerts.AlertBook;
import dev.sluice.gateway.alerts.Served;
import dev.sluice.gateway.alerts.Signs;
import dev.sluice.gateway.recording.Recording.Counted;
import dev.sluice.gateway.recording.Recording.Pushed;
import dev.sluice.probes.breaker.Move;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.monitor.AgentReport;
import dev.sluice.probes.monitor.Monitor;
import dev.sluice.probes.monitor.MonitorListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A recording, gone through once more in virtual time by the monitor, breakers and alerts of other
 * settings. The same recording and settings give the same result. Warnings of what has not failed
 * are left out: they go by more than is recorded.
 */
public final class Rerun implements MonitorListener, InstantSource {
  /** Fine enough that the climb which the first failing request sets off ends before many more. */
  private static final int SLICES = 50;

  private static final Duration SLICE = Duration.ofMillis(1000 / SLICES);
  private static final long SEED = 1;

  private final Configuration configuration;
  private final Recording recording;
  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final long begin;
  private final List<Act> acts = new ArrayList<>();
  private final AlertBook book = new AlertBook();
  private final Map<String, Instant> trying = new HashMap<>();
  private @Nullable Posture latest;

  /** What was done, in the order of time, and what became of requests. */
  public record Result(List<Act> acts, Sums sums) {}

  private Rerun(Configuration configuration, Recording recording) {
    this.configuration = configuration;
    this.recording = recording;
    this.begin = recording.from().toEpochMilli();
  }

  /** Goes through all of it; takes a thread for some seconds. */
  public static Result of(Configuration configuration, Recording recording) {
    return new Rerun(configuration, recording).run();
  }

  private Result run() {
    try (Monitor monitor =
        new Monitor(
            configuration,
            this,
            () -> time.now(TimeUnit.NANOSECONDS),
            (of, posture) -> latest = posture,
            this,
            new RecordedWorld(recording, time, this),
            time,
            new SplittableRandom(SEED))) {
      RecordedTraffic traffic = new RecordedTraffic(configuration, recording, monitor, SEED);
      monitor.start();
      Instant end = recording.to();
      for (Instant at = instant(); !at.isAfter(end); at = instant()) {
        second(at, at.plusSeconds(1), monitor, traffic);
      }
      return new Result(List.copyOf(acts), traffic.sums());
    }
  }

  /** What was counted by its end came within it. */
  private void second(Instant from, Instant to, Monitor monitor, RecordedTraffic traffic) {
    List<Counted> counted =
        recording.traffic().subMap(from, false, to, true).values().stream()
            .flatMap(List::stream)
            .toList();
    traffic.take(counted, SLICES);
    for (List<Pushed> pushed : recording.agents().subMap(from, false, to, true).values()) {
      pushed.forEach(each -> monitor.told(new AgentReport(each.agent(), List.of(each.climb()))));
    }
    for (int slice = 0; slice < SLICES; slice++) {
      traffic.send(slice, instant());
      time.advanceTimeBy(SLICE);
    }
    alerts();
  }

  private void alerts() {
    Posture now = latest;
    if (now != null) {
      Instant at = instant();
      book.step(
              at,
              Alarms.of(configuration, now, Signs.NONE, at),
              unknown(now, at),
              configuration.operation().alerts(),
              Served.NOTHING)
          .forEach(message -> acts.addAll(Acts.of(message, at)));
    }
  }

  /** An outage is not over before what had failed has been tried out, as long as that took. */
  private Set<String> unknown(Posture now, Instant at) {
    Set<String> unknown = new HashSet<>(Alarms.unknown(now));
    trying.values().removeIf(until -> !until.isAfter(at));
    unknown.addAll(trying.keySet());
    return unknown;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(begin + time.now(TimeUnit.MILLISECONDS));
  }

  @Override
  public void breaker(Move move) {
    acts.addAll(Acts.of(move, instant()));
    Duration took = recording.tried().get(move.id());
    if (took != null && move.to() == BreakerState.CLOSED) {
      trying.put(move.id(), instant().plus(took));
    }
  }

  @Override
  public void changed(Posture before, Posture after) {
    acts.addAll(Acts.of(before, after, instant()));
  }
}
