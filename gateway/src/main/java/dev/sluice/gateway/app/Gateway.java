package dev.sluice.gateway.app;

import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.config.Exports;
import dev.sluice.config.Listen;
import dev.sluice.config.Route;
import dev.sluice.config.Store;
import dev.sluice.config.Writes;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.queue.WriteStore;
import dev.sluice.fallback.replay.Progress;
import dev.sluice.fallback.replay.Replayer;
import dev.sluice.fallback.store.CopyShelf;
import dev.sluice.fallback.store.DurableStore;
import dev.sluice.gateway.admin.AdminServer;
import dev.sluice.gateway.alerts.Signs;
import dev.sluice.gateway.drill.Drills;
import dev.sluice.gateway.fleet.Member;
import dev.sluice.gateway.health.HealthAnswers;
import dev.sluice.gateway.health.Situation;
import dev.sluice.gateway.identity.Identities;
import dev.sluice.gateway.identity.Operators;
import dev.sluice.gateway.identity.OwnTokens;
import dev.sluice.gateway.platform.Endpoints;
import dev.sluice.gateway.platform.FactWatch;
import dev.sluice.gateway.proxy.DataPathServices;
import dev.sluice.gateway.proxy.ExchangeObserver;
import dev.sluice.gateway.proxy.FrontServer;
import dev.sluice.gateway.proxy.MemoryBudget;
import dev.sluice.gateway.proxy.Tracing;
import dev.sluice.gateway.recording.Recorder;
import dev.sluice.gateway.reload.Reload;
import dev.sluice.gateway.reload.ReloadOutcome;
import dev.sluice.gateway.telemetry.CloudRunInstance;
import dev.sluice.gateway.telemetry.ProbeSpans;
import dev.sluice.gateway.telemetry.Pushed;
import dev.sluice.gateway.telemetry.SpanExport;
import dev.sluice.gateway.telemetry.Telemetry;
import dev.sluice.gateway.validate.Revalidated;
import dev.sluice.probes.breaker.Move;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.monitor.Monitor;
import dev.sluice.probes.monitor.Probing;
import dev.sluice.probes.verdict.Climb;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway. It listens at once, whatever is down, and begins to monitor afterwards; it
 * stops in the opposite order, letting exchanges in flight end.
 */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.gateway");

  private static final Duration LOOKS = Duration.ofSeconds(2);

  /** Platforms kill what has not ended ten seconds after it was asked to. */
  private static final Duration STOP = Duration.ofSeconds(9);

  private final InstantSource clock = Clock.systemUTC();
  private final Telemetry telemetry;
  private final @Nullable SpanExport spans;
  private final @Nullable Tracing tracing;
  private final LearnedShelf learned = new LearnedShelf();
  private final AtomicBoolean passthrough;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final CopyStore copies;
  private final CopyShelf copyShelf;
  private final Publication publication;
  private final ControlLog control;
  private final Monitor monitor;
  private final FactWatch platform;
  private final HealthCounter health;
  private final MemoryBudget memory;
  private final QueueShelf shelf;
  private final FrontServer front;
  private final ReplayLog replayLog;
  private final Tally tally = new Tally();
  private final Chronicle chronicle = new Chronicle(clock);
  private final Recorder recorder = new Recorder(clock);
  private final FleetWatch fleet;
  private final AlertWatch alerts;
  private final Watchfulness watchfulness;
  private final Baselines baselines = new Baselines();
  private final Trials trials;
  private final Timetable timetable;
  private final Drills drills;
  private final Identities identities;
  private final @Nullable Operators operators;
  private final OwnTokens ownTokens;
  private final Reload reload;
  private final OverloadWatch overload;
  private final @Nullable Wrapped wrapped;
  private final @Nullable AdminServer admin;
  private volatile @Nullable CopyWatch copyWatch;
  private volatile @Nullable Replayer replayer;
  private volatile boolean draining;

  private Gateway(Configuration configuration, List<Path> files, @Nullable Wrapping wrapping) {
    Exports exports = configuration.operation().exports();
    telemetry = new Telemetry(Pushed.of(exports));
    telemetry.placed(CloudRunInstance.labels(System::getenv));
    spans = SpanExport.of(exports);
    tracing = spans == null ? null : new Tracing(spans.tracer(), exports.tracesOneIn());
    passthrough = new AtomicBoolean("1".equals(System.getenv("SLUICE_PASSTHROUGH")));
    copies = new CopyStore(configuration.cacheBytes());
    copyShelf = new CopyShelf(copies, clock);
    if (configuration.store() != null) {
      copies.keeper(copyShelf);
    }
    Posture first = Posture.starting(clock.instant(), configuration);
    publication = new Publication(configuration, first);
    watchfulness = new Watchfulness(publication);
    fleet =
        new FleetWatch(
            this::seen, this::climbed, this::look, shared(configuration), clock, System::nanoTime);
    alerts =
        new AlertWatch(
            publication, this::signs, this::trying, tally, recorder, fleet, clock, telemetry);
    trials =
        new Trials(
            publication, chronicle::guard, baselines, clock, System::nanoTime, this::validated);
    wrapped =
        wrapping == null ? null : new Wrapped(wrapping, clock, System::nanoTime, alerts::happened);
    control =
        new ControlLog(
            telemetry,
            learned::keep,
            this::changed,
            alerts,
            chronicle,
            recorder,
            spans == null ? null : new ProbeSpans(spans.tracer(), exports.tracesOneIn()),
            this::moved,
            this::climbed);
    ownTokens = new OwnTokens(OwnTokens.metadata(System::getenv), clock);
    ownTokens.prepare(configuration.backends());
    Probing real = Probing.real(configuration, clock, System::nanoTime, ownTokens::of);
    Probing probing = fleet.beside(real, this::troubled);
    monitor =
        new Monitor(
            configuration,
            clock,
            System::nanoTime,
            publication::publish,
            control,
            wrapped == null ? probing : wrapped.beside(probing));
    monitor.breakers().together(fleet);
    platform = new FactWatch(Endpoints.GOOGLE, clock, FactWatch.OFTEN, monitor::facts);
    memory = new MemoryBudget(configuration.listen().maxBuffered());
    drills = new Drills(this::configuration, publication::told, this::ready, this::believe, clock);
    timetable =
        new Timetable(
            publication,
            drills::dependency,
            () -> fleet.standing().speaks(),
            trials,
            clock,
            new SplittableRandom());
    health = new HealthCounter(configuration, first, this::situation, monitor::asked);
    replayLog =
        new ReplayLog(telemetry, this::outdated, tally, new EndNotices(clock), this::writes, clock);
    shelf = new QueueShelf(configuration, replayLog::withdrawn);
    identities = Identities.of(configuration.operation().issuer(), clock, ownTokens::of);
    operators = Operators.of(configuration.admin(), clock);
    front = listen();
    overload = new OverloadWatch(front.overload(), passthrough::get);
    overload.show(telemetry);
    overload.show(telemetry, configuration.backends());
    overload.start();
    Handover handover =
        new Handover(publication, monitor, front, copies, telemetry, overload, ownTokens);
    reload = new Reload(files, System::getenv, clock, handover);
    telemetry.upstreams(front::figures);
    telemetry.gauge("probes.with.requests", () -> monitor.probesWithRequests() ? 1 : 0);
    copyWatch = new CopyWatch(publication, copies, front, clock);
    telemetry.runways(copyWatch::runways);
    telemetry.gauge("copies.entries", () -> copies.stats().entries());
    telemetry.gauge("copies.bytes", () -> copies.stats().bytes());
    telemetry.gauge("copies.evictions", () -> copies.stats().evictions());
    telemetry.gauge("fleet.gateways", () -> fleet.standing().others().size() + 1);
    telemetry.gauge("fleet.speaks", () -> fleet.standing().speaks() ? 1 : 0);
    copyWatch.start();
    shelf.open(clock, this::opened);
    admin = administer(configuration);
    if (wrapped != null) {
      wrapped.start();
      telemetry.gauge("child.starts", () -> wrapped.state().starts());
    }
    monitor.start();
    reload.watch(LOOKS);
    alerts.start(configuration.store() != null);
    timetable.start(configuration.store() != null);
    // It listens already; whoever starts it gets it whole, unless the backlog is a long one.
    if (!shelf.settled(Duration.ofSeconds(5))) {
      LOG.warn("the store is still being opened; writes on queueing routes wait for it");
    }
  }

  private FrontServer listen() {
    try {
      return FrontServer.start(services());
    } catch (RuntimeException e) {
      monitor.close();
      if (spans != null) {
        spans.close();
      }
      telemetry.close();
      throw e;
    }
  }

  private Signs signs(Instant now) {
    Set<String> orphaned = replayLog.orphanedRoutes();
    return watchfulness.signs(
        now, control, shelf.store(), orphaned, situation().runways(), trials.latest());
  }

  private Member seen(String id) {
    return alerts.member(id);
  }

  private Set<String> climbed() {
    return configuration().dependencies().stream()
        .map(Dependency::id)
        .collect(Collectors.toUnmodifiableSet());
  }

  private void climbed(Climb climb) {
    fleet.climbed(climb);
    if (wrapped != null) {
      wrapped.climbed(climb);
    }
  }

  /** What has come back is tried out by one of the gateways that share a store. */
  private void moved(Move move) {
    if (fleet.standing().speaks()) {
      trials.moved(move);
    }
  }

  private static boolean shared(Configuration configuration) {
    Store store = configuration.store();
    return store != null && store.shared() != null;
  }

  private void look() {
    monitor.look();
  }

  private boolean troubled(String dependencyId) {
    return monitor.troubled(dependencyId);
  }

  private Set<String> trying() {
    return trials.closing();
  }

  private void validated(Revalidated result) {
    telemetry.validated(result.subject(), result.validated().ruling().words());
    timetable.ended(result);
    if (result.trigger() == Revalidated.Trigger.CLOSED) {
      alerts.validated(result);
      recorder.tried(result.subject(), result.validated().took());
    }
  }

  private void ended(ExchangeObserver.Ended exchange) {
    drills.ended(exchange);
    recorder.ended(exchange);
  }

  private void outdated(String host, String target) {
    front.outdated(host, target);
  }

  private Configuration configuration() {
    return publication.get().configuration();
  }

  private void believe(@Nullable String dependencyId) {
    publication.rehearse(dependencyId, clock.instant());
  }

  /** Whether this gateway would take requests under a posture. */
  private boolean ready(Posture posture) {
    return HealthAnswers.ready(posture, configuration(), situation(), false).status() == 200;
  }

  private void changed(Posture posture) {
    drills.changed(posture);
    platform.look(publication.get().configuration(), posture);
  }

  /** The store is there: what waits in it is counted and released, what was learnt is gone by. */
  private void opened(DurableStore store) {
    learned.opened(store.journal(), monitor::recall);
    fleet.opened(store.fleet());
    alerts.opened(store.journal());
    baselines.opened(store.journal());
    timetable.opened(store.journal());
    telemetry.queue(WriteState.class, store::counts, store::oldestAge);
    telemetry.replay(this::progress);
    replayer = replay(store);
    store.open(copyShelf, configuration().cacheBytes());
  }

  /** Traffic matters more than its overview: without the admin port the gateway serves on. */
  private @Nullable AdminServer administer(Configuration configuration) {
    Overview overview =
        new Overview(
            publication,
            this::situation,
            health,
            control,
            telemetry,
            shelf::store,
            copies,
            passthrough,
            reload,
            replayLog,
            alerts,
            chronicle,
            trials,
            baselines,
            timetable,
            drills,
            recorder,
            wrapped,
            fleet,
            clock,
            monitor);
    try {
      AdminServer started =
          AdminServer.start(configuration.admin().listening(), overview, operators);
      if (configuration.admin().onMain()) {
        front.operators(started.port(), operators);
      }
      return started;
    } catch (IllegalStateException e) {
      LOG.error("{}; status, metrics and switches are missing", e.getMessage());
      return null;
    }
  }

  private Replayer replay(WriteStore writes) {
    ReplaySender sender =
        new ReplaySender(
            publication, monitor.breakers(), front.upstreams(), clock, identities, tracing);
    Replayer started =
        new Replayer(
            writes,
            sender,
            sender,
            this::writes,
            clock,
            new SplittableRandom(),
            replayLog,
            shelf.pace());
    publication.afterwards(started::wake);
    started.start();
    return started;
  }

  private Progress progress() {
    WriteStore store = shelf.store();
    return store == null ? Progress.NONE : replayLog.progress(left(store));
  }

  private static long left(WriteStore store) {
    Map<WriteState, Long> counts = store.counts();
    return WriteState.ACTIVE.stream().mapToLong(state -> counts.getOrDefault(state, 0L)).sum();
  }

  private @Nullable Writes writes(String routeId) {
    return publication.get().configuration().route(routeId).map(Route::writes).orElse(null);
  }

  /** Starts a gateway that has no route files to read again. */
  public static Gateway start(Configuration configuration) {
    return start(configuration, List.of(), null);
  }

  /**
   * Starts a gateway; returns once it listens.
   *
   * @param files what the configuration was read from: read again when asked, and when they change
   * @param wrapping the backend that is its child; null for none
   * @throws IllegalStateException with one sentence when a port cannot be had, or the child cannot
   *     be started
   */
  public static Gateway start(
      Configuration configuration, List<Path> files, @Nullable Wrapping wrapping) {
    return new Gateway(configuration, files, wrapping);
  }

  /** The same without a child. */
  public static Gateway start(Configuration configuration, List<Path> files) {
    return start(configuration, files, null);
  }

  /** Has the route files read again, soon; from any thread, such as a signal's. */
  public void reload() {
    reload.ask(ReloadOutcome.Trigger.SIGNAL);
  }

  private DataPathServices services() {
    return new DataPathServices(
        publication,
        monitor.breakers(),
        recorder.beside(monitor.witness()),
        copies,
        shelf,
        health,
        new TrafficLog(
            telemetry,
            tally,
            chronicle,
            this::ended,
            () -> publication.get().configuration().operation()),
        passthrough::get,
        clock,
        System::nanoTime,
        memory,
        identities,
        tracing);
  }

  private Situation situation() {
    CopyWatch watching = copyWatch;
    return new Situation(
        draining,
        passthrough.get(),
        shelf.healthy(),
        !copies.isEmpty(),
        watching == null ? List.of() : watching.runways(),
        drills.dependency(),
        progress());
  }

  /** The port that requests are served on. */
  public int port() {
    return front.port();
  }

  /** The port that status, metrics and switches are on; 0 when it could not be opened. */
  public int adminPort() {
    return admin == null ? 0 : admin.port();
  }

  /** Where everything stands now. */
  public Posture posture() {
    return publication.get().posture();
  }

  /** Switches every protection off or on, at once. */
  public void passthrough(boolean on) {
    passthrough.set(on);
  }

  /** Stops gracefully within the configured drain time. Safe to call twice. */
  @Override
  public void close() {
    if (!stopped.compareAndSet(false, true)) {
      return;
    }
    long begun = System.nanoTime();
    draining = true;
    reload.close();
    Listen listen = publication.get().configuration().listen();
    front.drain(listen.drain(), listen.drainNotice());
    shelf.settled();
    Replayer releasing = replayer;
    if (releasing != null) {
      releasing.close();
    }
    if (wrapped != null) {
      wrapped.stop(STOP.minusNanos(System.nanoTime() - begun));
    }
    drills.close();
    timetable.close();
    trials.close();
    monitor.close();
    platform.close();
    identities.close();
    if (operators != null) {
      operators.close();
    }
    ownTokens.close();
    overload.close();
    alerts.close();
    fleet.close();
    front.close();
    if (admin != null) {
      admin.close();
    }
    if (copyWatch != null) {
      copyWatch.close();
    }
    copyShelf.close();
    shelf.close();
    if (spans != null) {
      spans.close();
    }
    telemetry.close();
  }
}
