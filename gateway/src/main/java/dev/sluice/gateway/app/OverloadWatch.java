package dev.sluice.gateway.app;

import dev.sluice.config.Backend;
import dev.sluice.gateway.filter.LimitListener;
import dev.sluice.gateway.proxy.Overload;
import dev.sluice.gateway.telemetry.Telemetry;
import java.util.Collection;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ticks the limits, shows them, and logs when refusals begin and end. */
final class OverloadWatch implements LimitListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.limits");
  private static final long TICK_MILLIS = 100;

  private final Overload overload;
  private final BooleanSupplier off;
  private final ScheduledExecutorService ticking =
      Executors.newSingleThreadScheduledExecutor(
          run -> {
            Thread thread = new Thread(run, "sluice-limits");
            thread.setDaemon(true);
            return thread;
          });
  private boolean starved;

  OverloadWatch(Overload overload, BooleanSupplier off) {
    this.overload = overload;
    this.off = off;
  }

  void start() {
    ticking.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** A tick that fails must not be the last one. */
  private void tick() {
    try {
      overload.tick(off.getAsBoolean(), this);
      memory(overload.memory().over());
    } catch (RuntimeException e) {
      LOG.error("a fault in the limits; they stay as they are", e);
    }
  }

  private void memory(boolean over) {
    if (over != starved) {
      starved = over;
      long mebibytes = overload.memory().used() >> 20;
      if (over) {
        LOG.warn("buffers take {} MiB of direct memory: new requests are refused", mebibytes);
      } else {
        LOG.info("buffers take {} MiB of direct memory: requests are taken again", mebibytes);
      }
    }
  }

  /** Shows the limits of these backends and the memory. */
  void show(Telemetry telemetry, Collection<Backend> backends) {
    telemetry.gauge("memory.direct.bytes", () -> overload.memory().used());
    telemetry.gauge("memory.limit.bytes", () -> overload.memory().limit());
    for (Backend backend : backends) {
      telemetry.limit(
          backend.id(),
          () -> overload.limits().of(backend).limit(),
          () -> overload.limits().of(backend).inFlight(),
          () -> overload.limits().of(backend).waiting(),
          () -> overload.limits().of(backend).shedTotal());
    }
  }

  @Override
  public void sheddingBegan(String backendId, int limit) {
    LOG.warn("backend {} is overloaded: beyond {} at once requests are refused", backendId, limit);
  }

  @Override
  public void sheddingEnded(String backendId, long refused) {
    LOG.info("backend {} is no longer overloaded: {} requests were refused", backendId, refused);
  }

  @Override
  public void close() {
    ticking.shutdownNow();
  }
}
