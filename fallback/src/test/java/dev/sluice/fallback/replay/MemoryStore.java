package dev.sluice.fallback.replay;

import dev.sluice.fallback.queue.Admission.Accepted;
import dev.sluice.fallback.queue.Allowance;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.Ending;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.StoreRefused;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.queue.WriteStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** The store's contract in memory; each call is done when it returns, unless told otherwise. */
final class MemoryStore implements WriteStore {
  private final InstantSource clock;
  private final TreeMap<Long, QueuedWrite> writes = new TreeMap<>();
  private CompletableFuture<Void> claimsWaitFor = CompletableFuture.completedFuture(null);
  private boolean losesOutcomes;
  private boolean healthy = true;
  private int claims;
  private int ended;
  private int purges;

  MemoryStore(InstantSource clock) {
    this.clock = clock;
  }

  void delayClaims(CompletableFuture<Void> until) {
    claimsWaitFor = until;
  }

  void loseOutcomes(boolean lose) {
    losesOutcomes = lose;
  }

  void fail() {
    healthy = false;
  }

  /** Ended writes that are old enough to be deleted. */
  void old(int writes) {
    ended = writes;
  }

  int old() {
    return ended;
  }

  int purges() {
    return purges;
  }

  /** How often writes were really taken. */
  int claims() {
    return claims;
  }

  String add(NewWrite write) {
    return accept(write).join().id();
  }

  QueuedWrite get(String id) {
    return find(id).join().orElseThrow();
  }

  /** As after a crash during an attempt. */
  void interrupt(String id) {
    QueuedWrite write = get(id);
    put(write, WriteState.RETRY_WAIT, 1, 1, clock.instant(), true, null, null);
  }

  private QueuedWrite put(
      QueuedWrite write,
      WriteState state,
      int attempts,
      long epoch,
      Instant notBefore,
      boolean interrupted,
      Completion completion,
      String error) {
    QueuedWrite changed =
        new QueuedWrite(
            write.id(),
            write.sequence(),
            state,
            attempts,
            epoch,
            write.createdAt(),
            write.expiresAt(),
            notBefore,
            state.terminal() ? clock.instant() : null,
            interrupted,
            completion == null ? error : completion.error(),
            completion == null ? null : completion.answer(),
            write.request());
    writes.put(write.sequence(), changed);
    return changed;
  }

  @Override
  public CompletableFuture<Accepted> accept(NewWrite request, Allowance allowance) {
    long sequence = writes.isEmpty() ? 1 : writes.lastKey() + 1;
    Instant now = clock.instant();
    QueuedWrite write =
        new QueuedWrite(
            "w" + sequence,
            sequence,
            WriteState.QUEUED,
            0,
            0,
            now,
            now.plus(request.ttl()),
            now,
            null,
            false,
            null,
            null,
            request);
    writes.put(sequence, write);
    return CompletableFuture.completedFuture(new Accepted(write.id(), false));
  }

  @Override
  public CompletableFuture<Optional<QueuedWrite>> find(String id) {
    return CompletableFuture.completedFuture(
        writes.values().stream().filter(write -> write.id().equals(id)).findFirst());
  }

  @Override
  public CompletableFuture<List<QueuedWrite>> list(Set<WriteState> states, int limit) {
    return CompletableFuture.completedFuture(
        writes.values().stream()
            .filter(write -> states.contains(write.state()))
            .limit(limit)
            .toList());
  }

  @Override
  public CompletableFuture<List<QueuedWrite>> claim(
      int limit, Instant now, Predicate<String> openRoute) {
    return claimsWaitFor.thenApply(any -> take(limit, now, openRoute));
  }

  private List<QueuedWrite> take(int limit, Instant now, Predicate<String> openRoute) {
    List<QueuedWrite> taken = new ArrayList<>();
    for (QueuedWrite write : List.copyOf(writes.values())) {
      if (taken.size() < limit
          && waits(write)
          && !write.notBefore().isAfter(now)
          && write.expiresAt().isAfter(now)
          && leads(write)
          && openRoute.test(write.request().routeId())) {
        claims++;
        taken.add(
            put(
                write,
                WriteState.IN_FLIGHT,
                write.attempts() + 1,
                write.epoch() + 1,
                write.notBefore(),
                write.interrupted(),
                null,
                write.lastError()));
      }
    }
    return taken;
  }

  private static boolean waits(QueuedWrite write) {
    return write.state() == WriteState.QUEUED || write.state() == WriteState.RETRY_WAIT;
  }

  private boolean leads(QueuedWrite write) {
    String key = write.request().orderingKey();
    return key == null
        || writes.values().stream()
            .filter(other -> !other.state().terminal())
            .filter(other -> key.equals(other.request().orderingKey()))
            .allMatch(other -> other.sequence() >= write.sequence());
  }

  private boolean leased(QueuedWrite write, long epoch) {
    return write.state() == WriteState.IN_FLIGHT && write.epoch() == epoch;
  }

  private CompletableFuture<Boolean> outcome(
      String id, long epoch, java.util.function.Consumer<QueuedWrite> change) {
    if (losesOutcomes) {
      return CompletableFuture.failedFuture(
          new StoreRefused(StoreRefused.Reason.UNHEALTHY, "no space left"));
    }
    QueuedWrite write = get(id);
    boolean current = leased(write, epoch);
    if (current) {
      change.accept(write);
    }
    return CompletableFuture.completedFuture(current);
  }

  @Override
  public CompletableFuture<Ending> complete(String id, long epoch, Completion completion) {
    return outcome(
            id,
            epoch,
            w ->
                put(
                    w,
                    completion.state(),
                    w.attempts(),
                    epoch,
                    w.notBefore(),
                    w.interrupted(),
                    completion,
                    null))
        .thenApply(done -> done ? Ending.ALONE : Ending.STALE);
  }

  @Override
  public CompletableFuture<Boolean> retryLater(String id, long epoch, Instant at, String error) {
    return outcome(
        id,
        epoch,
        w -> put(w, WriteState.RETRY_WAIT, w.attempts(), epoch, at, w.interrupted(), null, error));
  }

  @Override
  public CompletableFuture<Boolean> release(String id, long epoch, Instant at, String reason) {
    return outcome(
        id,
        epoch,
        w ->
            put(
                w,
                WriteState.RETRY_WAIT,
                w.attempts() - 1,
                epoch,
                at,
                w.interrupted(),
                null,
                reason));
  }

  @Override
  public CompletableFuture<List<QueuedWrite>> expire(Instant now) {
    List<QueuedWrite> late =
        writes.values().stream()
            .filter(write -> waits(write) && !write.expiresAt().isAfter(now))
            .toList();
    return CompletableFuture.completedFuture(late.stream().map(this::late).toList());
  }

  private QueuedWrite late(QueuedWrite w) {
    return put(
        w,
        WriteState.EXPIRED,
        w.attempts(),
        w.epoch(),
        w.notBefore(),
        w.interrupted(),
        null,
        "its time ran out");
  }

  @Override
  public CompletableFuture<Optional<String>> verify() {
    throw new UnsupportedOperationException("replay verifies nothing");
  }

  @Override
  public CompletableFuture<Boolean> cancel(String id) {
    throw new UnsupportedOperationException("replay cancels nothing");
  }

  @Override
  public CompletableFuture<Boolean> discard(String id) {
    throw new UnsupportedOperationException("replay discards nothing");
  }

  @Override
  public CompletableFuture<Boolean> requeue(String id, Duration ttl) {
    throw new UnsupportedOperationException("replay requeues nothing");
  }

  @Override
  public CompletableFuture<Integer> purge(Instant now) {
    purges++;
    int deleted = Math.min(500, ended);
    ended -= deleted;
    return CompletableFuture.completedFuture(deleted);
  }

  @Override
  public Map<WriteState, Long> counts() {
    Map<WriteState, Long> counts = new EnumMap<>(WriteState.class);
    for (WriteState state : WriteState.values()) {
      counts.put(state, 0L);
    }
    writes.values().forEach(write -> counts.merge(write.state(), 1L, Long::sum));
    return counts;
  }

  @Override
  public Duration oldestAge() {
    return null;
  }

  @Override
  public boolean backlog(String orderingKey) {
    return writes.values().stream()
        .anyMatch(w -> !w.state().terminal() && orderingKey.equals(w.request().orderingKey()));
  }

  @Override
  public boolean knows(String principalHash, String routeId, String clientKey) {
    return false;
  }

  @Override
  public String pending(String orderingKey, String principalHash) {
    return null;
  }

  @Override
  public boolean anyBacklog() {
    return writes.values().stream().anyMatch(write -> !write.state().terminal());
  }

  @Override
  public boolean healthy() {
    return healthy;
  }

  @Override
  public String reason() {
    return healthy ? null : "no space left";
  }

  @Override
  public void close() {}
}
