package dev.sluice.gateway.app;

import dev.sluice.config.Configuration;
import dev.sluice.config.Store;
import dev.sluice.fallback.queue.WriteStore;
import dev.sluice.fallback.store.SqliteStore;
import dev.sluice.fallback.store.StoreUnusable;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the store; one that cannot be opened turns the queue off and says so. */
final class QueueShelf {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.store");

  private QueueShelf() {}

  static @Nullable WriteStore open(Configuration configuration, InstantSource clock) {
    Store store = configuration.store();
    if (store == null) {
      return null;
    }
    try {
      return SqliteStore.open(store, clock);
    } catch (StoreUnusable e) {
      LOG.error("writes are not queued: {}", e.getMessage());
      return null;
    }
  }
}
