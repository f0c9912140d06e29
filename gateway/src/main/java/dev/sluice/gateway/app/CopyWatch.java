package dev.sluice.gateway.app;

import dev.sluice.config.Configuration;
import dev.sluice.config.Reads;
import dev.sluice.config.Reads.Prefetch;
import dev.sluice.config.Route;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.cache.Runway;
import dev.sluice.gateway.proxy.FrontServer;
import dev.sluice.gateway.proxy.Snapshot;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an eye on the copies, on a thread of its own: how long they last, and what is to be fetched
 * ahead while all is well.
 */
final class CopyWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.cache");
  private static final long TICK_SECONDS = 1;
  private static final long RUNWAY_TICKS = 5;

  /** Keys that are looked at for the runway. */
  private static final int MOST_LOOKED_AT = 20_000;

  /** Targets that are fetched ahead in one tick. */
  private static final int MOST_AT_ONCE = 20;

  private final Supplier<Snapshot> snapshot;
  private final CopyStore copies;
  private final FrontServer front;
  private final InstantSource clock;
  private final Map<String, Instant> fetched = new HashMap<>();
  private final ScheduledExecutorService ticking =
      Executors.newSingleThreadScheduledExecutor(
          run -> {
            Thread thread = new Thread(run, "sluice-cache");
            thread.setDaemon(true);
            return thread;
          });
  private long ticks;
  private volatile List<Runway> runways = List.of();

  CopyWatch(Supplier<Snapshot> snapshot, CopyStore copies, FrontServer front, InstantSource clock) {
    this.snapshot = snapshot;
    this.copies = copies;
    this.front = front;
    this.clock = clock;
  }

  void start() {
    ticking.scheduleAtFixedRate(this::tick, TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
  }

  /** How long the copies of each route last, as of some seconds ago. */
  List<Runway> runways() {
    return runways;
  }

  private void tick() {
    try {
      Snapshot now = snapshot.get();
      if (ticks++ % RUNWAY_TICKS == 0) {
        runways =
            copies.runways(id -> reads(now.configuration(), id), clock.instant(), MOST_LOOKED_AT);
      }
      prefetch(now);
      front.refetch();
    } catch (RuntimeException e) {
      LOG.error("a fault in the watch over stored copies", e);
    }
  }

  private static @Nullable Reads reads(Configuration configuration, String routeId) {
    return configuration.route(routeId).map(Route::reads).orElse(null);
  }

  private void prefetch(Snapshot now) {
    int left = MOST_AT_ONCE;
    for (Route route : now.configuration().routes()) {
      Prefetch prefetch = route.reads() == null ? null : route.reads().prefetch();
      boolean well = !now.posture().closed(route, now.configuration().dependenciesOf(route));
      if (prefetch != null && well) {
        left = prefetch(route, prefetch, left);
      }
    }
  }

  private int prefetch(Route route, Prefetch prefetch, int most) {
    int left = most;
    Instant now = clock.instant();
    for (String target : prefetch.targets()) {
      String id = route.id() + " " + prefetch.host() + " " + target;
      Instant last = fetched.get(id);
      if (left > 0 && (last == null || !last.plus(prefetch.every()).isAfter(now))) {
        fetched.put(id, now);
        front.prefetch(route, prefetch.host(), target);
        left--;
      }
    }
    return left;
  }

  @Override
  public void close() {
    ticking.shutdownNow();
  }
}
