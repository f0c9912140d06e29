package dev.sluice.fallback.store;

import dev.sluice.config.Writes.OnDead;
import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.Ending;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.store.RecordCodec.Outcome;
import dev.sluice.fallback.store.SharedStore.Budget;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * What this gateway has taken from the shared database to release it, and how that ends. A claim is
 * a lease: an outcome under an older epoch than the record's changes nothing.
 */
final class SharedClaims {
  private static final Logger log = LoggerFactory.getLogger("sluice.store");

  /** An attempt that begins later might end after the lease. */
  private static final long BEGINS_WITHIN = SharedStore.BEYOND_ATTEMPT.dividedBy(2).toNanos();

  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(" + SharedSql.CLAIM_LOCK + ")::text";
  private static final int MAX_ERROR = 500;

  private final SharedPool pool;
  private final Seal seal;
  private final LongSupplier nanos;
  private final Budget budget;
  private final Map<String, Claimed> claimed = new ConcurrentHashMap<>();

  SharedClaims(SharedPool pool, Seal seal, LongSupplier nanos, Budget budget) {
    this.pool = pool;
    this.seal = seal;
    this.nanos = nanos;
    this.budget = budget;
  }

  /** Where a record lies, what sealed it, and when it was claimed. */
  private record Claimed(long sequence, String keyId, long at) {}

  /** Takes due writes of these routes, in order of their sequence. */
  Mono<List<QueuedWrite>> take(String[] routes, int limit, Instant now) {
    long millis = now.toEpochMilli();
    return pool.transaction(
        LOCK,
        (c, texts) ->
            Queries.rows(
                    c,
                    SharedSql.CLAIM,
                    this::taken,
                    routes,
                    millis,
                    (long) limit,
                    (long) budget.total(),
                    (long) budget.perRoute() * routes.length,
                    millis + budget.lease().toMillis())
                .map(SharedClaims::inOrder));
  }

  private QueuedWrite taken(Readable row) {
    QueuedWrite write = SharedRow.read(row, seal);
    claimed.put(
        write.id(), new Claimed(write.sequence(), Queries.text(row, 10), nanos.getAsLong()));
    return write;
  }

  private static List<QueuedWrite> inOrder(List<QueuedWrite> writes) {
    return writes.stream().sorted(Comparator.comparingLong(QueuedWrite::sequence)).toList();
  }

  /** Whether an attempt may still begin. */
  boolean leased(String id) {
    Claimed mine = claimed.get(id);
    return mine != null && nanos.getAsLong() - mine.at() < BEGINS_WITHIN;
  }

  /** Forgets claims whose lease is over. */
  void forget() {
    long now = nanos.getAsLong();
    claimed.values().removeIf(mine -> now - mine.at() > budget.lease().toNanos());
  }

  /** Ends a claimed write, and those behind it where the completion says so. */
  Mono<Ending> end(String id, long epoch, Completion completion, long now) {
    return sealed(id, outcome(completion.error(), completion.answer()))
        .flatMap(
            bytes ->
                completion.then() == OnDead.FAIL_DEPENDENTS
                    ? pool.transaction(
                        "SELECT ''", (c, t) -> endAll(c, id, epoch, completion, bytes, now))
                    : pool.with(c -> end(c, id, epoch, completion, bytes, now))
                        .map(rows -> rows > 0 ? Ending.ALONE : Ending.STALE))
        .doOnNext(done -> claimed.remove(id));
  }

  /** Lets a claimed write wait; false when the epoch is stale. */
  Mono<Boolean> wait(String id, long epoch, Instant at, String why, boolean counted) {
    return sealed(id, outcome(why, null))
        .flatMap(
            bytes ->
                pool.with(
                    c ->
                        Queries.change(
                            c,
                            SharedSql.RETRY,
                            id,
                            epoch,
                            at.toEpochMilli(),
                            some(bytes),
                            counted ? 0 : 1)))
        .map(rows -> rows > 0)
        .doOnNext(done -> claimed.remove(id));
  }

  private static Mono<Long> end(
      Connection c, String id, long epoch, Completion completion, byte[] bytes, long now) {
    boolean parked = completion.then() == OnDead.PARK;
    return Queries.change(
        c, SharedSql.END, id, epoch, completion.state().name(), now, parked, some(bytes));
  }

  private Mono<Ending> endAll(
      Connection c, String id, long epoch, Completion completion, byte[] bytes, long now) {
    return end(c, id, epoch, completion, bytes, now)
        .flatMap(rows -> rows == 0 ? Mono.just(Ending.STALE) : endBehind(c, id, now));
  }

  private Mono<Ending> endBehind(Connection c, String id, long now) {
    return Queries.rows(c, SharedSql.FAIL_BEHIND, this::readable, id, now)
        .map(rows -> new Ending(true, rows.stream().flatMap(Optional::stream).toList()));
  }

  /** A damaged record ends like the others, and cannot be told of. */
  private Optional<QueuedWrite> readable(Readable row) {
    try {
      return Optional.of(SharedRow.read(row, seal).withoutBody());
    } catch (DamagedRecord e) {
      log.error("a write that ended with an earlier one cannot be read: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private static byte @Nullable [] some(byte[] bytes) {
    return bytes.length == 0 ? null : bytes;
  }

  private static Outcome outcome(@Nullable String error, @Nullable CapturedAnswer answer) {
    String said =
        error == null || error.length() <= MAX_ERROR ? error : error.substring(0, MAX_ERROR);
    return new Outcome(said, answer);
  }

  /** As its record was sealed; empty where there is nothing to be said. */
  private Mono<byte[]> sealed(String id, Outcome outcome) {
    if (outcome.equals(Outcome.NONE)) {
      return Mono.just(new byte[0]);
    }
    Claimed mine = claimed.get(id);
    Mono<Claimed> place =
        mine != null
            ? Mono.just(mine)
            : pool.with(
                    c ->
                        Queries.rows(
                            c,
                            SharedSql.PLACE,
                            row -> new Claimed(Queries.number(row, 0), Queries.text(row, 1), 0),
                            id))
                .map(rows -> rows.isEmpty() ? new Claimed(0, Seal.CLEAR, 0) : rows.get(0));
    return place.map(
        at ->
            seal.close(
                RecordCodec.encode(outcome),
                at.keyId(),
                SharedRow.outcomePlace(id, at.sequence())));
  }
}
