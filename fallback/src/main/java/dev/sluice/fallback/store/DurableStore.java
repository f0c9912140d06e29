package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.WriteStore;

/** All that outlives the process: queued writes and short notes. */
public interface DurableStore extends WriteStore {
  /** The notes in the same place. */
  Journal journal();
}
