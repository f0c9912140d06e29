package dev.sluice.gateway.recording;

import dev.sluice.config.Configuration;
import dev.sluice.config.Route;
import dev.sluice.gateway.alerts.Message;
import dev.sluice.gateway.proxy.ExchangeObserver.Ended;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.probes.breaker.Failure;
import dev.sluice.probes.breaker.Move;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.monitor.AgentReport;
import dev.sluice.probes.monitor.MonitorListener;
import dev.sluice.probes.monitor.TrafficWitness;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Testimony;
import dev.sluice.probes.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what a gateway sees and does, so that an outage can be gone through once more. It is
 * told from any thread and keeps nobody waiting; one thread has it write, every second. What it
 * cannot hold until then is left out and counted.
 */
public final class Recorder implements MonitorListener {
  private static final int MOST_WAITING = 20_000;
  private static final Set<Outcome> KEPT =
      Set.of(Outcome.STORED_COPY, Outcome.QUEUED, Outcome.REJECTED);

  private final InstantSource clock;
  private final Tape tape = new Tape();
  private final Queue<Map<String, Object>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private volatile Map<Flow, Map<Ending, AtomicInteger>> flows = new ConcurrentHashMap<>();
  private volatile Map<String, AtomicInteger> kept = new ConcurrentHashMap<>();
  private volatile Map<String, String> evidence = new ConcurrentHashMap<>();
  private volatile boolean protecting;

  public Recorder(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void climbed(Climb climb, Verdict verdict) {
    keep(Lines.climb("climb", climb));
  }

  @Override
  public void control(Climb climb) {
    keep(Lines.climb("control", climb));
  }

  @Override
  public void heard(String backendId, BackendHealth answer) {
    keep(Lines.heard(backendId, answer));
  }

  @Override
  public void breaker(Move move) {
    Acts.of(move, clock.instant()).forEach(act -> keep(Lines.act(act)));
  }

  @Override
  public void changed(Posture before, Posture after) {
    protecting = after.anyOpen();
    Acts.of(before, after, clock.instant()).forEach(act -> keep(Lines.act(act)));
  }

  /** What an agent saw. */
  public void told(AgentReport report) {
    report
        .climbs()
        .forEach(climb -> keep(Lines.with(Lines.climb("climb", climb), "agent", report.agent())));
  }

  /** What had come back has been tried out, for which the end of its outage waits. */
  public void tried(String dependencyId, Duration took) {
    keep(Lines.tried(clock.instant(), dependencyId, took));
  }

  /** What a team was told. */
  public void told(Message message, Instant at) {
    Acts.of(message, at).forEach(act -> keep(Lines.act(act)));
  }

  /** A request was answered; only those that no backend was asked for count here. */
  public void ended(Ended exchange) {
    boolean ours = KEPT.contains(exchange.outcome());
    if (protecting && ours && (exchange.status() < 400 || exchange.status() == 503)) {
      kept.computeIfAbsent(exchange.routeId(), id -> new AtomicInteger()).incrementAndGet();
    }
  }

  /** The same witness, and this one listens. */
  public TrafficWitness beside(TrafficWitness witness) {
    return new TrafficWitness() {
      @Override
      public void answered(String backendId, List<String> needs, int status, boolean marked) {
        count(backendId, needs, Ending.of(status, marked));
        witness.answered(backendId, needs, status, marked);
      }

      @Override
      public void told(String backendId, String value) {
        evidence.put(backendId, value);
        witness.told(backendId, value);
      }

      @Override
      public void failed(String backendId, List<String> needs, Failure failure) {
        count(backendId, needs, Ending.of(failure));
        witness.failed(backendId, needs, failure);
      }

      @Override
      public void slow(String backendId, List<String> needs) {
        count(backendId, needs, Ending.SLOW);
        witness.slow(backendId, needs);
      }
    };
  }

  private void count(String backendId, List<String> needs, Ending ending) {
    count(new Flow(backendId, needs), ending, 1);
  }

  private void count(Flow flow, Ending ending, int times) {
    Map<Flow, Map<Ending, AtomicInteger>> all = flows;
    Map<Ending, AtomicInteger> counts = all.get(flow);
    if (counts == null) {
      counts = all.computeIfAbsent(flow, any -> none());
    }
    Objects.requireNonNull(counts.get(ending)).addAndGet(times);
  }

  private static Map<Ending, AtomicInteger> none() {
    Map<Ending, AtomicInteger> none = new EnumMap<>(Ending.class);
    for (Ending ending : Ending.values()) {
      none.put(ending, new AtomicInteger());
    }
    return none;
  }

  private void keep(Map<String, Object> line) {
    if (held.incrementAndGet() > MOST_WAITING) {
      held.decrementAndGet();
      lost.incrementAndGet();
    } else {
      waiting.add(line);
    }
  }

  /**
   * Writes down what came since the last time; by one thread, every second.
   *
   * @param now what runs
   */
  public void write(Configuration now) {
    traffic(now);
    for (Map<String, Object> line = waiting.poll(); line != null; line = waiting.poll()) {
      held.decrementAndGet();
      tape.write(line);
    }
    int missed = lost.getAndSet(0);
    if (missed > 0) {
      tape.write(Lines.lost(clock.instant(), missed));
    }
  }

  /** A request that ends at this very moment may be missed: nobody waits. */
  private void traffic(Configuration now) {
    Map<String, AtomicInteger> withheld = kept;
    kept = new ConcurrentHashMap<>();
    withheld.forEach(
        (routeId, times) ->
            now.route(routeId)
                .ifPresent(route -> count(flow(now, route), Ending.KEPT, times.get())));
    Map<Flow, Map<Ending, AtomicInteger>> counted = flows;
    flows = new ConcurrentHashMap<>();
    Map<String, String> said = evidence;
    evidence = new ConcurrentHashMap<>();
    counted.forEach(
        (flow, endings) ->
            keep(Lines.traffic(clock.instant(), flow, endings, believed(now, flow, said))));
  }

  /** What is understood of a backend's own words; the rest of them is nobody's business. */
  private static @Nullable String believed(Configuration now, Flow flow, Map<String, String> said) {
    String words = said.get(flow.backendId());
    Set<String> known = new HashSet<>(flow.needs());
    now.backend(flow.backendId()).ifPresent(backend -> known.addAll(backend.dependsOn()));
    String header =
        words == null
            ? ""
            : Testimony.read(words, known).stream()
                .map(Testimony::header)
                .collect(Collectors.joining(","));
    return header.isEmpty() ? null : header;
  }

  private static Flow flow(Configuration now, Route route) {
    return new Flow(route.backend(), now.dependenciesOf(route));
  }

  /**
   * What is remembered of this time, as lines of JSON; takes as long as it takes to unpack it.
   *
   * @throws java.io.UncheckedIOException never in practice: all is in memory
   */
  public byte[] between(Instant from, Instant to) {
    return tape.between(from, to);
  }
}
