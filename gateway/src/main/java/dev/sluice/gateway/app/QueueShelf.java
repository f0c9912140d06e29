package dev.sluice.gateway.app;

import dev.sluice.config.Store;
import dev.sluice.config.Volatility;
import dev.sluice.fallback.queue.WriteQueue;
import dev.sluice.fallback.queue.WriteStore;
import dev.sluice.fallback.store.SqliteStore;
import dev.sluice.fallback.store.StoreUnusable;
import dev.sluice.gateway.proxy.DataPathServices.WriteQueues;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The write queue's store, opened behind the start, since a long backlog takes seconds to load. One
 * that cannot be opened leaves the queue off and says so. Until it is known what waits in it,
 * nothing may overtake that.
 */
final class QueueShelf implements WriteQueues, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.store");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What is on the shelf. */
  private record Open(WriteStore store, WriteQueue queue) {}

  private final CountDownLatch opened = new CountDownLatch(1);
  private final @Nullable Store configured;
  private final boolean durable;
  private volatile @Nullable Open open;

  QueueShelf(@Nullable Store configured) {
    this.configured = configured;
    this.durable =
        configured == null
            || configured.path().isEmpty()
            || Volatility.of(Path.of(configured.path()), System::getenv) == null;
    if (configured == null) {
      opened.countDown();
    }
  }

  /**
   * Begins to open the store; to be called once.
   *
   * @param then what is done with the store once it is open, on the opening thread
   */
  void open(InstantSource clock, Consumer<SqliteStore> then) {
    Store store = configured;
    if (store != null) {
      Thread opener = new Thread(() -> open(store, clock, then), "sluice-store-open");
      opener.setDaemon(true);
      opener.start();
    }
  }

  private void open(Store store, InstantSource clock, Consumer<SqliteStore> then) {
    try {
      SqliteStore found = SqliteStore.open(store, clock);
      open = new Open(found, new WriteQueue(found));
      then.accept(found);
    } catch (StoreUnusable e) {
      LOG.error("writes are not queued: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("writes are not queued: opening the store failed", e);
    } finally {
      opened.countDown();
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
