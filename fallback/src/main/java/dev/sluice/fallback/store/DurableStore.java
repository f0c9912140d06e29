package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.WriteStore;

/** All that outlives the process: queued writes, short notes and stored copies. */
public interface DurableStore extends WriteStore {
  /** The notes in the same place. */
  Journal journal();

  /**
   * Opens the place of stored copies beside it, for copies of so many bytes; blocks while those of
   * earlier runs are read. The shelf is to be closed before this.
   */
  void open(CopyShelf shelf, long maxBytes);
}
