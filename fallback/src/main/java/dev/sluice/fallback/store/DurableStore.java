package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.WriteStore;
import org.jspecify.annotations.Nullable;

/** All that outlives the process: queued writes, short notes and stored copies. */
public interface DurableStore extends WriteStore {
  /** The notes in the same place. */
  Journal journal();

  /** The gateways that share it; null where nobody else can. */
  default @Nullable Fleet fleet() {
    return null;
  }

  /**
   * Opens the place of stored copies beside it, for copies of so many bytes; blocks while those of
   * earlier runs are read. The shelf is to be closed before this.
   */
  void open(CopyShelf shelf, long maxBytes);
}
