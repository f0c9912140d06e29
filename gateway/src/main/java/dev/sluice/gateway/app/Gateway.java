package dev.sluice.gateway.app;

import dev.sluice.config.Configuration;
import dev.sluice.config.Route;
import dev.sluice.config.Writes;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.queue.WriteStore;
import dev.sluice.fallback.replay.Replayer;
import dev.sluice.gateway.admin.AdminServer;
import dev.sluice.gateway.health.Situation;
import dev.sluice.gateway.proxy.DataPathServices;
import dev.sluice.gateway.proxy.FrontServer;
import dev.sluice.gateway.proxy.MemoryBudget;
import dev.sluice.gateway.telemetry.Telemetry;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.monitor.Monitor;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway. It listens at once, whatever is down, and begins to monitor afterwards; it
 * stops in the opposite order, letting exchanges in flight end.
 */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.gateway");

  private final InstantSource clock = Clock.systemUTC();
  private final Configuration configuration;
  private final Telemetry telemetry = new Telemetry();
  private final AtomicBoolean passthrough;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final CopyStore copies;
  private final Publication publication;
  private final Monitor monitor;
  private final HealthCounter health;
  private final MemoryBudget memory;
  private final QueueShelf shelf;
  private final FrontServer front;
  private final @Nullable AdminServer admin;
  private volatile @Nullable Replayer replayer;
  private volatile boolean draining;

  private Gateway(Configuration configuration) {
    this.configuration = configuration;
    passthrough = new AtomicBoolean("1".equals(System.getenv("SLUICE_PASSTHROUGH")));
    copies = new CopyStore(configuration.cacheBytes());
    Posture first = Posture.starting(clock.instant(), configuration);
    publication = new Publication(configuration, first);
    monitor =
        new Monitor(
            configuration,
            clock,
            System::nanoTime,
            publication::publish,
            new ControlLog(telemetry));
    memory = new MemoryBudget(configuration.listen().maxBuffered());
    health = new HealthCounter(configuration, first, this::situation);
    shelf = new QueueShelf(configuration.store());
    front = listen();
    telemetry.upstreams(front::figures);
    shelf.open(clock, this::opened);
    admin = administer();
    monitor.start();
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
      telemetry.close();
      throw e;
    }
  }

  /** The store is there: what waits in it is counted and released. */
  private void opened(WriteStore store) {
    telemetry.queue(WriteState.class, store::counts, store::oldestAge);
    replayer = replay(store);
  }

  /** Traffic matters more than its overview: without the admin port the gateway serves on. */
  private @Nullable AdminServer administer() {
    Overview overview =
        new Overview(
            configuration,
            publication,
            this::situation,
            health,
            telemetry,
            shelf::store,
            copies,
            passthrough);
    try {
      return AdminServer.start(configuration.admin(), overview);
    } catch (IllegalStateException e) {
      LOG.error("{}; status, metrics and switches are missing", e.getMessage());
      return null;
    }
  }

  private Replayer replay(WriteStore writes) {
    ReplaySender sender =
        new ReplaySender(configuration, publication, monitor.breakers(), front.upstreams());
    Map<String, Writes> options = new HashMap<>();
    for (Route route : configuration.routes()) {
      if (route.writes() != null) {
        options.put(route.id(), route.writes());
      }
    }
    Replayer started =
        new Replayer(
            writes,
            sender,
            sender,
            options::get,
            clock,
            new SplittableRandom(),
            new ReplayLog(telemetry, copies));
    publication.afterwards(started::wake);
    started.start();
    return started;
  }

  /**
   * Starts a gateway; returns once it listens.
   *
   * @throws IllegalStateException with one sentence when a port cannot be had
   */
  public static Gateway start(Configuration configuration) {
    return new Gateway(configuration);
  }

  private DataPathServices services() {
    return new DataPathServices(
        configuration,
        publication,
        monitor.breakers(),
        monitor.witness(),
        copies,
        shelf,
        health,
        new TrafficLog(telemetry),
        passthrough::get,
        clock,
        System::nanoTime,
        memory);
  }

  private Situation situation() {
    return new Situation(
        draining, passthrough.get(), shelf.healthy(), copies.stats().entries() > 0);
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
    draining = true;
    front.drain(configuration.listen().drain(), configuration.listen().drainNotice());
    shelf.settled();
    Replayer releasing = replayer;
    if (releasing != null) {
      releasing.close();
    }
    monitor.close();
    front.close();
    if (admin != null) {
      admin.close();
    }
    shelf.close();
    telemetry.close();
  }
}
