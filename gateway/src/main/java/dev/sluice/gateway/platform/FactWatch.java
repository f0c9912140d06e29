package dev.sluice.gateway.platform;

import dev.sluice.config.Configuration;
import dev.sluice.config.Operation.Platform;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Cause;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the platform asked about dependencies that are at fault, on a thread of its own, each at once
 * and then twice a minute for as long as the fault lasts. Nothing waits for it, and a platform that
 * does not answer is a fact too.
 */
public final class FactWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.platform");

  /** How often a fault that lasts has the platform asked. */
  public static final Duration OFTEN = Duration.ofSeconds(30);

  private final Endpoints endpoints;
  private final InstantSource clock;
  private final Duration often;

  /** Of the platform's thread: one client and one token for all questions. */
  private final Asking asking;

  private final BiConsumer<String, List<String>> tell;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1,
          work -> {
            Thread made = new Thread(work, "sluice-platform");
            made.setDaemon(true);
            return made;
          });

  // Guarded by this.
  private final Map<String, Platform> faulty = new HashMap<>();

  /**
   * @param tell takes what was found about a dependency; nothing where it is well again
   */
  public FactWatch(
      Endpoints endpoints,
      InstantSource clock,
      Duration often,
      BiConsumer<String, List<String>> tell) {
    this.endpoints = endpoints;
    this.often = often;
    this.clock = clock;
    this.asking = new Asking(endpoints.metadata(), clock);
    this.tell = tell;
  }

  /** Looks at a new posture; never blocks. */
  public synchronized void look(Configuration configuration, Posture posture) {
    Platform platform = configuration.operation().platform();
    boolean asks = platform != null && platform.facts();
    faulty.keySet().retainAll(posture.dependencies().keySet());
    for (DependencyStatus d : posture.dependencies().values()) {
      if (platform != null && asks && d.verdict().cause() != Cause.NONE) {
        if (faulty.put(d.id(), platform) == null) {
          begin(d.id());
        }
      } else if (faulty.remove(d.id()) != null) {
        tell.accept(d.id(), List.of());
      }
    }
  }

  private void begin(String id) {
    try {
      thread.execute(() -> ask(id));
    } catch (RejectedExecutionException closed) {
      LOG.debug("the platform is not asked about {} any more", id);
    }
  }

  private synchronized @Nullable Platform platformOf(String id) {
    return faulty.get(id);
  }

  private void ask(String id) {
    Platform platform = platformOf(id);
    if (platform == null) {
      return;
    }
    List<String> found = new GcpFacts(platform, endpoints, clock, asking).of(id);
    if (told(id, found)) {
      thread.schedule(() -> ask(id), often.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** What comes after the recovery is no news; false then. */
  private synchronized boolean told(String id, List<String> found) {
    boolean lasts = faulty.containsKey(id);
    if (lasts) {
      tell.accept(id, found);
    }
    return lasts;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
