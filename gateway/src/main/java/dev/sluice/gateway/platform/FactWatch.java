package dev.sluice.gateway.platform;

import dev.sluice.config.Configuration;
import dev.sluice.config.Operation.Platform;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Cause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the platform asked about dependencies that are at fault, on a thread of its own, each at most
 * twice a minute. Nothing waits for it, and a platform that does not answer is a fact too.
 */
public final class FactWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.platform");
  private static final Duration OFTEN = Duration.ofSeconds(30);
  private static final int WAITING = 32;

  private final Endpoints endpoints;
  private final InstantSource clock;

  /** Of the platform's thread: one client and one token for all questions. */
  private final Asking asking;

  private final BiConsumer<String, List<String>> tell;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          0,
          1,
          10,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          work -> {
            Thread made = new Thread(work, "sluice-platform");
            made.setDaemon(true);
            return made;
          });

  /** Touched by whoever calls {@link #look}, one thread at a time. */
  private final Map<String, Instant> asked = new HashMap<>();

  /**
   * @param tell takes what was found about a dependency; nothing where it is well again
   */
  public FactWatch(
      Endpoints endpoints, InstantSource clock, BiConsumer<String, List<String>> tell) {
    this.endpoints = endpoints;
    this.clock = clock;
    this.asking = new Asking(endpoints.metadata(), clock);
    this.tell = tell;
  }

  /** Looks at a new posture; never blocks. */
  public void look(Configuration configuration, Posture posture) {
    Platform platform = configuration.operation().platform();
    if (platform == null || !platform.facts()) {
      return;
    }
    for (DependencyStatus d : posture.dependencies().values()) {
      if (d.verdict().cause() == Cause.NONE) {
        if (asked.remove(d.id()) != null) {
          tell.accept(d.id(), List.of());
        }
      } else if (due(d.id())) {
        ask(platform, d.id());
      }
    }
  }

  private boolean due(String id) {
    Instant now = clock.instant();
    Instant last = asked.get(id);
    if (last != null && last.plus(OFTEN).isAfter(now)) {
      return false;
    }
    asked.put(id, now);
    return true;
  }

  private void ask(Platform platform, String id) {
    try {
      thread.execute(
          () -> tell.accept(id, new GcpFacts(platform, endpoints, clock, asking).of(id)));
    } catch (RejectedExecutionException full) {
      LOG.debug("the platform is not asked about {} now", id);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
