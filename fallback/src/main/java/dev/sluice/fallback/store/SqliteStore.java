package dev.sluice.fallback.store;

import dev.sluice.config.Store;
import dev.sluice.fallback.queue.Admission.Accepted;
import dev.sluice.fallback.queue.Allowance;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.Ending;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Queued writes in one SQLite file of this process's own. */
public final class SqliteStore implements DurableStore {
  private final StoreParts parts;
  private final Changes changes;
  private final WriteIndex index;
  private final InstantSource clock;
  private final Journal journal;
  private final Store config;

  private SqliteStore(Store config, StoreParts parts, InstantSource clock) {
    this.config = config;
    this.parts = parts;
    this.changes = parts.changes();
    this.index = parts.index();
    this.clock = clock;
    this.journal = new SqliteJournal(parts.committer(), parts.reader(), clock);
  }

  /**
   * Opens the file, or makes it, and verifies every active record; the rest of the file is read in
   * the background. Writes that were in flight wait again, marked as interrupted.
   *
   * @throws StoreUnusable naming the file, what is wrong and the way out
   */
  public static SqliteStore open(Store config, InstantSource clock) {
    return open(config, clock, DiskSpace.REAL);
  }

  /** As above, on a disk with as much space as is said. */
  static SqliteStore open(Store config, InstantSource clock, DiskSpace disk) {
    return new SqliteStore(config, StoreParts.open(config, disk, clock.millis()), clock);
  }

  /** Opens the file for reading alone, beside a running gateway or without one. */
  public static StoreInspection inspect(Store config) {
    return StoreInspection.open(config);
  }

  @Override
  public Journal journal() {
    return journal;
  }

  @Override
  public CompletableFuture<Accepted> accept(NewWrite write, Allowance allowance) {
    byte[] content = RecordCodec.encode(write);
    long now = clock.millis();
    return parts
        .committer()
        .submit(content.length, session -> changes.accept(session, write, allowance, content, now));
  }

  @Override
  public CompletableFuture<Optional<QueuedWrite>> find(String id) {
    return parts.reader().find(id);
  }

  @Override
  public CompletableFuture<List<QueuedWrite>> list(Set<WriteState> states, int limit) {
    return parts.reader().list(Set.copyOf(states), limit);
  }

  @Override
  public CompletableFuture<List<QueuedWrite>> claim(
      int limit, Instant now, Predicate<String> openRoute) {
    return change(session -> changes.claim(session, limit, now.toEpochMilli(), openRoute));
  }

  @Override
  public CompletableFuture<Ending> complete(String id, long epoch, Completion completion) {
    long now = clock.millis();
    return change(session -> changes.complete(session, id, epoch, completion, now));
  }

  @Override
  public CompletableFuture<Boolean> retryLater(String id, long epoch, Instant at, String error) {
    return change(session -> changes.retry(session, id, epoch, at.toEpochMilli(), error, true));
  }

  @Override
  public CompletableFuture<Boolean> release(String id, long epoch, Instant at, String reason) {
    return change(session -> changes.retry(session, id, epoch, at.toEpochMilli(), reason, false));
  }

  @Override
  public CompletableFuture<List<QueuedWrite>> expire(Instant now) {
    return change(session -> changes.expire(session, now.toEpochMilli()));
  }

  @Override
  public CompletableFuture<Boolean> cancel(String id) {
    long now = clock.millis();
    return change(session -> changes.withdraw(session, id, false, now));
  }

  @Override
  public CompletableFuture<Boolean> discard(String id) {
    long now = clock.millis();
    return change(session -> changes.withdraw(session, id, true, now));
  }

  @Override
  public CompletableFuture<Boolean> requeue(String id, Duration ttl) {
    long now = clock.millis();
    return change(session -> changes.requeue(session, id, ttl.toMillis(), now));
  }

  @Override
  public CompletableFuture<Integer> purge(Instant now) {
    return change(session -> changes.purge(session, now.toEpochMilli()));
  }

  @Override
  public CompletableFuture<Optional<String>> verify() {
    return parts.verify().thenApply(trouble -> trouble.map(Trouble::problem));
  }

  private <T> CompletableFuture<T> change(Committer.Change<T> change) {
    return parts.committer().submit(0, change);
  }

  @Override
  public Map<WriteState, Long> counts() {
    return index.counts();
  }

  @Override
  public @Nullable Duration oldestAge() {
    long oldest = index.oldest();
    return oldest == Long.MAX_VALUE
        ? null
        : Duration.ofMillis(Math.max(0, clock.millis() - oldest));
  }

  @Override
  public boolean backlog(String orderingKey) {
    return index.anyBacklog() && index.backlog().has(changes.tags().order(orderingKey));
  }

  @Override
  public boolean knows(String principalHash, String routeId, String clientKey) {
    return index.knows(changes.tags().idempotency(principalHash, routeId, clientKey));
  }

  @Override
  public @Nullable String pending(String orderingKey, String principalHash) {
    return index
        .backlog()
        .last(changes.tags().order(orderingKey), changes.tags().principal(principalHash));
  }

  @Override
  public boolean anyBacklog() {
    return index.anyBacklog();
  }

  @Override
  public boolean healthy() {
    return parts.committer().failure() == null;
  }

  @Override
  public @Nullable String reason() {
    return parts.committer().failure();
  }

  /**
   * Seals some of the records with the store's key that were sealed with an older one, or not at
   * all; answers how many, 0 when none is left.
   */
  public CompletableFuture<Integer> rekey() {
    return change(changes::rekey);
  }

  /** Transactions since the file was made; with group commit fewer than the records in them. */
  public long commits() {
    return parts.committer().transactions();
  }

  @Override
  public void open(CopyShelf shelf, long maxBytes) {
    Path file = CopyFile.of(config);
    shelf.open(file.toString(), () -> CopyFile.open(file, Seal.forStore(config), maxBytes));
  }

  @Override
  public void close() {
    parts.close();
  }
}
