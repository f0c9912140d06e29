package dev.sluice.gateway.app;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Store;
import dev.sluice.config.Volatility;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteQueue;
import dev.sluice.fallback.queue.WriteStore;
import dev.sluice.fallback.replay.Pace;
import dev.sluice.fallback.store.DurableStore;
import dev.sluice.fallback.store.SharedStore;
import dev.sluice.fallback.store.SqliteStore;
import dev.sluice.fallback.store.StoreUnreachable;
import dev.sluice.fallback.store.StoreUnusable;
import dev.sluice.gateway.proxy.DataPathServices.WriteQueues;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The write queue's store, opened behind the start, since a long backlog takes seconds to load. One
 * that cannot be opened leaves the queue off and says so; a shared one that cannot be reached is
 * tried again. Until it is known what waits in it, nothing may overtake that.
 */
final class QueueShelf implements WriteQueues, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.store");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration BEYOND_RESPONSE = Duration.ofSeconds(5);

  /** What is on the shelf. */
  private record Open(WriteStore store, WriteQueue queue) {}

  private final CountDownLatch opened = new CountDownLatch(1);
  private final Consumer<QueuedWrite> withdrawn;
  private final @Nullable Store configured;
  private final boolean durable;
  private final Pace pace;
  private volatile @Nullable Open open;
  private final CountDownLatch stopping = new CountDownLatch(1);

  /**
   * For what a configuration says at the start.
   *
   * @param withdrawn takes each write whose owner cancelled it
   */
  QueueShelf(Configuration configuration, Consumer<QueuedWrite> withdrawn) {
    this.withdrawn = withdrawn;
    Store configured = configuration.store();
    this.configured = configured;
    this.pace =
        configured == null || configured.shared() == null
            ? Pace.DEFAULT
            : Pace.DEFAULT.giveUpAfter(longest(configuration).plus(BEYOND_RESPONSE));
    this.durable =
        configured == null
            || configured.path().isEmpty()
            || Volatility.of(Path.of(configured.path()), System::getenv) == null;
    if (configured == null) {
      opened.countDown();
    }
  }

  /**
   * No backend is waited for any longer: a claim that all gateways see must not outlast it much.
   */
  private static Duration longest(Configuration configuration) {
    return configuration.backends().stream()
        .map(Backend::responseDeadline)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** How fast and how long the store's writes are tried. */
  Pace pace() {
    return pace;
  }

  /**
   * Begins to open the store; to be called once.
   *
   * @param then what is done with the store once it is open, on the opening thread
   */
  void open(InstantSource clock, Consumer<DurableStore> then) {
    Store store = configured;
    if (store != null) {
      Thread opener = new Thread(() -> open(store, clock, then), "sluice-store-open");
      opener.setDaemon(true);
      opener.start();
    }
  }

  private void open(Store store, InstantSource clock, Consumer<DurableStore> then) {
    try {
      DurableStore found = found(store, clock);
      if (found != null) {
        open = new Open(found, new WriteQueue(found, withdrawn));
        then.accept(found);
      }
    } catch (StoreUnusable e) {
      LOG.error("writes are not queued: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("writes are not queued: opening the store failed", e);
    } finally {
      opened.countDown();
    }
  }

  /** Null where the gateway stops before a shared one answers. */
  private @Nullable DurableStore found(Store store, InstantSource clock) {
    if (store.shared() == null) {
      return SqliteStore.open(store, clock);
    }
    String told = "";
    while (stopping.getCount() > 0) {
      try {
        return SharedStore.open(store, clock, System::nanoTime, budget());
      } catch (StoreUnreachable e) {
        String now = String.valueOf(e.getMessage());
        if (!now.equals(told)) {
          LOG.error("writes are not queued for the moment: {}", now);
        }
        told = now;
        pause();
      }
    }
    return null;
  }

  private SharedStore.Budget budget() {
    Duration lease = pace.attemptDeadline().plus(SharedStore.BEYOND_ATTEMPT);
    return new SharedStore.Budget(pace.perRoute(), pace.total(), lease, SharedStore.BARRIER);
  }

  /** Until it is tried again, or the gateway stops. */
  private void pause() {
    try {
      stopping.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping.countDown();
    }
  }

  @Override
  public @Nullable WriteQueue get() {
    Open now = open;
    return now == null ? null : now.queue();
  }

  @Override
  public boolean opening() {
    return opened.getCount() > 0;
  }

  /** The store once it is open; null before, and where there is none. */
  @Nullable WriteStore store() {
    Open now = open;
    return now == null ? null : now.store();
  }

  @Override
  public boolean durable() {
    return durable;
  }

  boolean healthy() {
    WriteStore store = store();
    return store != null && store.healthy();
  }

  /** Waits for an opening that is under way: a store is not closed in the middle of it. */
  void settled() {
    stopping.countDown();
    if (!settled(PATIENCE)) {
      LOG.error("the store was still being opened when the gateway stopped");
    }
  }

  /** Whether nothing is being opened any more, after waiting for so long at most. */
  boolean settled(Duration atMost) {
    try {
      return opened.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    WriteStore store = store();
    if (store != null) {
      store.close();
    }
  }
}
