package dev.sluice.gateway.telemetry;

import dev.sluice.fallback.cache.Runway;
import dev.sluice.fallback.replay.Progress;
import dev.sluice.gateway.proxy.ExchangeObserver.Ended;
import dev.sluice.gateway.proxy.ExchangeObserver.Tried;
import dev.sluice.gateway.proxy.upstream.UpstreamFigures;
import dev.sluice.probes.breaker.Move;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.monitor.MonitorListener;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Tier;
import dev.sluice.probes.verdict.Verdict;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every number that the gateway gives away, in the Prometheus text format, each with what it means
 * ({@link MeterHelp}), and the Java runtime's memory, threads and processor under {@code jvm_},
 * {@code system_} and {@code process_}. All methods are safe from any thread and never block;
 * labels are ids of the configuration, closed lists and the addresses that backends have at the
 * moment, so their number is bounded. The gauges of a dependency or backend go with it; what was
 * counted of it stays.
 */
public final class Telemetry implements MonitorListener, AutoCloseable {
  private final PrometheusRegistry prometheus = new PrometheusRegistry();
  private final MeterRegistry registry;
  private final RequestDurations requests;
  private final UpstreamDurations upstreams;
  private final Map<List<String>, Timer> timers = new ConcurrentHashMap<>();
  private final Map<List<String>, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> breakers = new ConcurrentHashMap<>();
  private final Map<String, Cause> causes = new ConcurrentHashMap<>();
  private final Map<String, Set<Meter>> gauges = new ConcurrentHashMap<>();
  private volatile @Nullable ServiceMode mode;
  private volatile boolean refused;
  private volatile @Nullable UpstreamMeters connections;
  private volatile @Nullable CopyMeters copies;

  /** Numbers that are scraped alone. */
  public Telemetry() {
    this(null);
  }

  /**
   * Numbers that are scraped, and pushed as well.
   *
   * @param pushed closed with this; null where they are scraped alone
   */
  public Telemetry(@Nullable MeterRegistry pushed) {
    registry = registry(prometheus, pushed);
    requests = new RequestDurations(prometheus, pushed);
    upstreams = new UpstreamDurations(prometheus, pushed);
    JavaMeters.bind(registry);
    for (ServiceMode each : ServiceMode.values()) {
      Gauge.builder("sluice.mode", this, t -> t.mode == each ? 1 : 0)
          .tags("mode", each.label())
          .register(registry);
    }
    Gauge.builder("sluice.reload.refused", this, t -> t.refused ? 1 : 0).register(registry);
  }

  private static MeterRegistry registry(
      PrometheusRegistry prometheus, @Nullable MeterRegistry pushed) {
    MeterRegistry scraped =
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, prometheus, Clock.SYSTEM);
    MeterRegistry all = scraped;
    if (pushed != null) {
      all = new CompositeMeterRegistry(Clock.SYSTEM, List.of(scraped, pushed));
    }
    all.config().meterFilter(new MeterHelp());
    return all;
  }

  /**
   * Shows where this runs, by labels such as service and revision; nothing where there are none.
   */
  public void placed(Map<String, String> labels) {
    if (!labels.isEmpty()) {
      Gauge.Builder<Supplier<Number>> instance = Gauge.builder("sluice.instance", () -> 1);
      labels.forEach(instance::tag);
      instance.register(registry);
    }
  }

  /** The route files were read again, with this result. */
  public void reloaded(String result, boolean filesRefused) {
    counter("sluice.reloads", "result", result).increment();
    refused = filesRefused;
  }

  /** A request was answered. */
  public void request(Ended exchange) {
    requests.record(exchange);
  }

  /** A try at a backend was answered, or failed. */
  public void tried(Tried tried) {
    upstreams.record(tried);
  }

  /** A further try followed one that ended so. */
  public void retried(String routeId, String ended) {
    counter("sluice.retries", "route", routeId, "after", ended).increment();
  }

  /** In mode observe, this decision was not carried out. */
  public void differed(String routeId, String decision) {
    counter("sluice.differed", "route", routeId, "decision", decision).increment();
  }

  /** A stored copy was served. */
  public void copyServed(String routeId) {
    counter("sluice.copies.served", "route", routeId).increment();
  }

  /** What a route's cache did for a request. */
  public void cached(String routeId, String what) {
    counter("sluice.cache", "route", routeId, "did", what).increment();
  }

  /** A dependency was tried out, with this result. */
  public void validated(String subject, String ruling) {
    counter("sluice.validations", "subject", subject, "ruling", ruling).increment();
  }

  /** A receiver took an alert, or did not to the end. */
  public void alerted(String receiverId, boolean taken) {
    counter("sluice.alerts", "receiver", receiverId, "result", taken ? "taken" : "lost")
        .increment();
  }

  /** A write was committed and answered with 202. */
  public void writeAccepted(String routeId) {
    counter("sluice.writes.accepted", "route", routeId).increment();
  }

  /** A queued write ended in this state. */
  public void replayed(String routeId, String state) {
    counter("sluice.replays", "route", routeId, "state", state.toLowerCase(Locale.ROOT))
        .increment();
  }

  /**
   * Shows the queue; both are asked at every scrape and must answer from memory.
   *
   * @param counts by state
   * @param oldest null when nothing waits
   */
  public <S extends Enum<S>> void queue(
      Class<S> states, Supplier<Map<S, Long>> counts, Supplier<@Nullable Duration> oldest) {
    for (S state : states.getEnumConstants()) {
      Gauge.builder("sluice.queue.depth", () -> counts.get().getOrDefault(state, 0L))
          .tags("state", state.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    Gauge.builder("sluice.queue.oldest.seconds", () -> seconds(oldest.get())).register(registry);
  }

  /** Shows how far the release of held writes has come; asked at every scrape, from memory. */
  public void replay(Supplier<Progress> progress) {
    gauge("replay.done", () -> progress.get().done());
    gauge("replay.left", () -> progress.get().left());
    gauge("replay.per.second", () -> progress.get().perSecond());
    gauge(
        "replay.remaining.seconds",
        () -> {
          Duration remaining = progress.get().remaining();
          return remaining == null ? Double.NaN : seconds(remaining);
        });
  }

  /**
   * Shows the limit of a backend, again without effect; all are asked at every scrape, from memory.
   */
  public void limit(
      String backendId,
      Supplier<Number> limit,
      Supplier<Number> inFlight,
      Supplier<Number> waiting,
      Supplier<Number> shed) {
    show(backendId, "sluice.limit", limit);
    show(backendId, "sluice.limit.in.flight", inFlight);
    show(backendId, "sluice.limit.waiting", waiting);
    keep(
        backendId,
        FunctionCounter.builder("sluice.limit.shed", this, own -> shed.get().doubleValue())
            .tags("backend", backendId)
            .register(registry));
  }

  private void show(String backendId, String name, Supplier<Number> value) {
    keep(backendId, Gauge.builder(name, value).tags("backend", backendId).register(registry));
  }

  /** Shows the connections to backends; asked at every scrape, and must answer from memory. */
  public void upstreams(Supplier<List<UpstreamFigures>> figures) {
    connections = new UpstreamMeters(registry, figures);
  }

  /** Shows how long stored answers last; asked at every scrape, and must answer from memory. */
  public void runways(Supplier<List<Runway>> runways) {
    copies = new CopyMeters(registry, runways);
  }

  /** Shows a number under {@code sluice_} and this name; asked at every scrape, from memory. */
  public void gauge(String name, Supplier<Number> value) {
    Gauge.builder("sluice." + name, value).register(registry);
  }

  @Override
  public void climbed(Climb climb, Verdict verdict) {
    for (Tier tier : Tier.values()) {
      List<Sample> samples = climb.samples().stream().filter(s -> s.rung().tier() == tier).toList();
      if (!samples.isEmpty()) {
        boolean ok = samples.stream().allMatch(Sample::ok);
        timer("sluice.probe", "target", climb.targetId(), "tier", label(tier), "result", word(ok))
            .record(samples.stream().mapToLong(Sample::millis).sum(), TimeUnit.MILLISECONDS);
      }
    }
  }

  @Override
  public void changed(Posture before, Posture after) {
    mode = after.mode();
    if (before.mode() != after.mode()) {
      counter("sluice.mode.changes", "to", after.mode().label()).increment();
    }
    after.dependencies().values().forEach(d -> show(d.id(), d.verdict(), d.breaker()));
    after.backends().values().forEach(b -> show(b.id(), b.verdict(), b.breaker()));
    gauges.keySet().stream().filter(id -> !known(after, id)).forEach(this::forget);
  }

  private static boolean known(Posture posture, String id) {
    return posture.dependencies().containsKey(id) || posture.backends().containsKey(id);
  }

  private void forget(String id) {
    breakers.remove(id);
    causes.remove(id);
    Set<Meter> gone = gauges.remove(id);
    if (gone != null) {
      gone.forEach(registry::remove);
    }
  }

  private void keep(String id, Meter gauge) {
    gauges.computeIfAbsent(id, any -> ConcurrentHashMap.newKeySet()).add(gauge);
  }

  @Override
  public void breaker(Move move) {
    if (move.from() != move.to()) {
      counter("sluice.breaker.transitions", "id", move.id(), "to", move.to().label()).increment();
    }
    state(move.id()).set(number(move.to()));
  }

  /**
   * Everything, as Prometheus reads it: by its protobuf format, with native histograms, where that
   * is asked for; OpenMetrics 1.0, with exemplars; else its text format 0.0.4.
   *
   * @param accept what the scraper takes; null where it does not say
   */
  public Scrape scrape(@Nullable String accept) {
    UpstreamMeters meters = connections;
    if (meters != null) {
      meters.read();
    }
    CopyMeters stored = copies;
    if (stored != null) {
      stored.read();
    }
    return Scrape.of(prometheus.scrape(), accept);
  }

  @Override
  public void close() {
    registry.close(); // and with it those that it is composed of
  }

  private void show(String id, Verdict verdict, BreakerState breaker) {
    state(id).set(number(breaker));
    if (causes.put(id, verdict.cause()) == null) {
      for (Cause cause : Cause.values()) {
        keep(
            id,
            Gauge.builder("sluice.verdict", causes, c -> c.get(id) == cause ? 1 : 0)
                .tags("subject", id, "cause", label(cause))
                .register(registry));
      }
    }
  }

  private AtomicInteger state(String id) {
    return breakers.computeIfAbsent(
        id,
        key -> {
          AtomicInteger state = new AtomicInteger();
          keep(
              key,
              Gauge.builder("sluice.breaker.state", state, AtomicInteger::get)
                  .tags("id", key)
                  .register(registry));
          return state;
        });
  }

  private Timer timer(String name, String... tags) {
    return timers.computeIfAbsent(
        key(name, tags), k -> Timer.builder(name).tags(Tags.of(tags)).register(registry));
  }

  private Counter counter(String name, String... tags) {
    return counters.computeIfAbsent(
        key(name, tags), k -> Counter.builder(name).tags(Tags.of(tags)).register(registry));
  }

  private static List<String> key(String name, String... tags) {
    String[] key = new String[tags.length + 1];
    key[0] = name;
    System.arraycopy(tags, 0, key, 1, tags.length);
    return List.of(key);
  }

  private static int number(BreakerState state) {
    return switch (state) {
      case CLOSED -> 0;
      case HALF_OPEN -> 1;
      case OPEN -> 2;
    };
  }

  private static double seconds(@Nullable Duration age) {
    return age == null ? 0 : age.toMillis() / 1000.0;
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String word(boolean ok) {
    return ok ? "ok" : "failed";
  }
}
