package dev.sluice.fallback.replay;

import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.QueuedWrite;
import java.time.Instant;
import java.util.Set;

/** Hears what replay does, after it is committed; on the replay's thread: never block or throw. */
public interface ReplayListener {
  /** Hears nothing. */
  ReplayListener NONE = new ReplayListener() {};

  /** An attempt goes out. */
  default void sending(QueuedWrite write) {}

  /** The write is terminal; on SUCCEEDED stored copies of its target are out of date. */
  default void ended(QueuedWrite write, Completion completion) {}

  /** The attempt counted and another follows. */
  default void retrying(QueuedWrite write, Instant at, String error) {}

  /** Nothing was sent; it is tried again without counting. */
  default void released(QueuedWrite write, Instant at, String reason) {}

  /**
   * A write ended without an attempt, as its state and last error say: its time ran out, or an
   * earlier one of its resource failed. It comes without its body.
   */
  default void endedUnsent(QueuedWrite write) {}

  /** Nothing waits any more. */
  default void drained() {}

  /** The route may now have this many writes in flight. */
  default void pace(String routeId, int level) {}

  /** Writes are due on these routes, which are gone or queue no more; told when they change. */
  default void orphaned(Set<String> routeIds) {}

  /** Something that should not happen did; the write concerned keeps its place in the store. */
  default void faulted(String what) {}
}
