package dev.sluice.fallback.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps queued writes durably. No method blocks its caller. A future of a changing method completes
 * after the commit was synced; it fails with {@link StoreRefused} when nothing can be promised.
 * Continuations run on a thread of the store: hand anything long over to your own.
 */
public interface WriteStore extends AutoCloseable {
  /**
   * Keeps a write. The same principal, route, client key and fingerprint give the first one's id;
   * another fingerprint fails with {@link StoreRefused.Reason#KEY_CONFLICT}.
   */
  CompletableFuture<Admission.Accepted> accept(NewWrite write, Allowance allowance);

  /** Keeps a write that the store's own bounds alone hold back. */
  default CompletableFuture<Admission.Accepted> accept(NewWrite write) {
    return accept(write, Allowance.WHOLE);
  }

  /** The write with this id, answer and body included. */
  CompletableFuture<Optional<QueuedWrite>> find(String id);

  /** The oldest writes in one of these states, by sequence, without the bodies of requests. */
  CompletableFuture<List<QueuedWrite>> list(Set<WriteState> states, int limit);

  /**
   * Takes writes that are due, at most one per ordering key and only the oldest active one of each;
   * they are IN_FLIGHT under a new epoch and count one attempt more. Writes of routes that are not
   * open stay, and hold up their key.
   *
   * @param openRoute asked by route id, on the store's thread: answer at once
   */
  CompletableFuture<List<QueuedWrite>> claim(int limit, Instant now, Predicate<String> openRoute);

  /**
   * Whether this process may still begin an attempt of a write that it claimed, from memory: a
   * claim that is shared with others holds for a while only.
   */
  default boolean leased(QueuedWrite write) {
    return true;
  }

  /** Ends a claimed write, if the epoch is the current one, and those that end with it. */
  CompletableFuture<Ending> complete(String id, long epoch, Completion completion);

  /** The attempt came to nothing: RETRY_WAIT until then. False when the epoch is stale. */
  CompletableFuture<Boolean> retryLater(String id, long epoch, Instant at, String error);

  /** Nothing was sent: like {@link #retryLater}, but the attempt does not count. */
  CompletableFuture<Boolean> release(String id, long epoch, Instant at, String reason);

  /**
   * Ends waiting writes whose time ran out. Some at a time; answers them without their bodies, none
   * when none is left.
   */
  CompletableFuture<List<QueuedWrite>> expire(Instant now);

  /** Reads everything that is kept and compares it with its digests; empty when all is well. */
  CompletableFuture<Optional<String>> verify();

  /** Withdraws a write that is still QUEUED; false in any other state. */
  CompletableFuture<Boolean> cancel(String id);

  /**
   * An operator withdraws a write that waits, QUEUED or RETRY_WAIT; or lets the later writes of an
   * ordering key go on that an ended one holds up.
   */
  CompletableFuture<Boolean> discard(String id);

  /**
   * An operator puts an ended write back with a fresh time to live and no attempts; it keeps its
   * sequence. False unless its state is {@link WriteState#requeueable()}; fails when there is no
   * room.
   */
  CompletableFuture<Boolean> requeue(String id, Duration ttl);

  /**
   * Deletes terminal writes older than the retention, and beyond the bound of bytes the first of
   * those that succeeded, failed or were cancelled. Some at a time; answers how many, 0 when none
   * is left.
   */
  CompletableFuture<Integer> purge(Instant now);

  /** Writes by state, from memory; states without any are present with 0. */
  Map<WriteState, Long> counts();

  /** Age of the oldest active write, from memory; null when there is none. */
  @Nullable Duration oldestAge();

  /**
   * Whether this ordering key has active writes, or an ended one that holds it up; from memory: for
   * event loops.
   */
  boolean backlog(String orderingKey);

  /**
   * Whether writes of this route that have an ordering key must go through the store although their
   * own key has none that waits here: another gateway may be holding one back. From memory: for
   * event loops.
   */
  default boolean queueing(String routeId) {
    return false;
  }

  /** Whether a write was accepted under this client key, from memory: for event loops. */
  boolean knows(String principalHash, String routeId, String clientKey);

  /**
   * The last write of this ordering key that waits, if it belongs to this principal, from memory:
   * for event loops.
   */
  @Nullable String pending(String orderingKey, String principalHash);

  /** Whether there are active writes at all, from memory: for event loops. */
  boolean anyBacklog();

  /** False after a write or sync failed: nothing is acknowledged any more. */
  boolean healthy();

  /** Why the store is not healthy, with the way out; null when it is. */
  @Nullable String reason();

  /** Finishes what was begun and lets go of the file. */
  @Override
  void close();
}
