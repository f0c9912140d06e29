package dev.sluice.fallback.store;

import dev.sluice.config.Store;
import dev.sluice.config.Target;
import dev.sluice.fallback.queue.Admission.Accepted;
import dev.sluice.fallback.queue.Allowance;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.Ending;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.StoreRefused;
import dev.sluice.fallback.queue.StoreRefused.Reason;
import dev.sluice.fallback.queue.WriteState;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Queued writes in a database that several gateways share, over PostgreSQL's protocol. Each takes
 * what it can release; a write that one has claimed is its own for the length of a lease, and
 * whoever reports an outcome later, under an older epoch, changes nothing. While the database
 * cannot be reached nothing is acknowledged. The gateways' clocks must agree within some seconds.
 */
public final class SharedStore implements DurableStore {
  /** Longer than what any gateway knows may be old. */
  public static final Duration BARRIER = Duration.ofSeconds(2);

  /** What a lease must hold beyond an attempt: until it begins, and until its outcome is kept. */
  public static final Duration BEYOND_ATTEMPT = Duration.ofSeconds(20);

  private static final Duration LOOK = Duration.ofMillis(500);
  private static final int SOME = 500;

  private final Store config;
  private final SharedPool pool;
  private final Seal seal;
  private final Tags tags;
  private final InstantSource clock;
  private final SharedView view;
  private final SharedAccepts accepts;
  private final SharedClaims claims;
  private final Journal journal;
  private final Fleet fleet;
  private final Disposable looking;

  /**
   * What all gateways together keep to.
   *
   * @param perRoute writes of one route in flight
   * @param total writes in flight
   * @param lease after which a claim without an outcome is another's: longer than an attempt by
   *     {@link #BEYOND_ATTEMPT}
   * @param barrier how long the others are told before the first write of a route is held; zero
   *     where there are no others
   */
  public record Budget(int perRoute, int total, Duration lease, Duration barrier) {}

  private SharedStore(
      Store config,
      SharedPool pool,
      Seal seal,
      byte[] salt,
      InstantSource clock,
      LongSupplier nanos,
      Budget budget) {
    this.config = config;
    this.pool = pool;
    this.seal = seal;
    this.tags = new Tags(salt);
    this.clock = clock;
    this.view = new SharedView(pool, new SharedRoutes(budget.barrier()), nanos);
    this.accepts = new SharedAccepts(pool, seal, tags, config, view);
    this.claims = new SharedClaims(pool, seal, nanos, budget);
    this.journal = new SharedJournal(pool, clock);
    this.fleet = new SharedFleet(pool, clock);
    refresh().onErrorComplete().block(SharedPool.DEADLINE.plusSeconds(1));
    this.looking =
        Flux.interval(LOOK)
            .onBackpressureDrop()
            .concatMap(tick -> round().onErrorComplete(), 1)
            .subscribe();
  }

  /**
   * Opens the store, and makes its tables where there are none; blocks for some seconds at most.
   *
   * @throws StoreUnusable when the database is of another format or sealed with another key
   * @throws StoreUnreachable when it does not answer
   */
  public static SharedStore open(
      Store config, InstantSource clock, LongSupplier nanos, Budget budget) {
    Target.Postgres where = Objects.requireNonNull(config.shared());
    SharedPool pool = new SharedPool(where);
    try {
      Seal seal = Seal.forStore(config);
      byte[] salt = SharedOpening.salt(pool, seal, config);
      return new SharedStore(config, pool, seal, salt, clock, nanos, budget);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  private Mono<Boolean> round() {
    claims.forget();
    return reclaim(clock.instant()).then(refresh());
  }

  /** Looks at the database now. */
  Mono<Boolean> refresh() {
    return view.look();
  }

  /** Counts the ended records again, and looks. */
  Mono<Boolean> refreshAll() {
    view.forgetEnded();
    return refresh();
  }

  /** Lets attempts wait again whose gateway died. */
  Mono<Long> reclaim(Instant now) {
    return pool.with(c -> Queries.change(c, SharedSql.RECLAIM, now.toEpochMilli()));
  }

  private <T> CompletableFuture<T> ask(Mono<T> work) {
    return work.onErrorMap(error -> !(error instanceof StoreRefused), this::refused).toFuture();
  }

  private Throwable refused(Throwable error) {
    return new StoreRefused(
        Reason.UNHEALTHY,
        error instanceof DamagedRecord
            ? "a record could not be read: " + error.getMessage()
            : view.failed(error));
  }

  private CompletableFuture<Boolean> changed(Function<Connection, Mono<Long>> change) {
    return ask(pool.with(change).map(rows -> rows > 0));
  }

  @Override
  public Journal journal() {
    return journal;
  }

  @Override
  public Fleet fleet() {
    return fleet;
  }

  @Override
  public void open(CopyShelf shelf, long maxBytes) {
    shelf.open(
        "the shared store",
        () -> new SharedCopies(pool, seal, tags, clock, shelf.begun(), maxBytes));
  }

  @Override
  public CompletableFuture<Accepted> accept(NewWrite write, Allowance allowance) {
    return accepts.accept(write, allowance, clock.millis());
  }

  @Override
  public CompletableFuture<Optional<QueuedWrite>> find(String id) {
    return ask(
        pool.with(c -> Queries.rows(c, SharedSql.FIND, row -> SharedRow.read(row, seal), id))
            .map(rows -> rows.stream().findFirst()));
  }

  @Override
  public CompletableFuture<List<QueuedWrite>> list(Set<WriteState> states, int limit) {
    return ask(some(names(states), 0, limit));
  }

  private Mono<List<QueuedWrite>> some(String[] states, long after, int limit) {
    return pool.with(
        c ->
            Queries.rows(
                c,
                SharedSql.LIST,
                row -> SharedRow.read(row, seal).withoutBody(),
                states,
                after,
                limit));
  }

  private static String[] names(Set<WriteState> states) {
    return states.stream().map(Enum::name).toArray(String[]::new);
  }

  @Override
  public CompletableFuture<List<QueuedWrite>> claim(
      int limit, Instant now, Predicate<String> openRoute) {
    String[] open =
        view.routes().stream().filter(route -> open(openRoute, route)).toArray(String[]::new);
    return open.length == 0
        ? CompletableFuture.completedFuture(List.of())
        : ask(claims.take(open, limit, now));
  }

  private static boolean open(Predicate<String> openRoute, String route) {
    try {
      return openRoute.test(route);
    } catch (RuntimeException e) {
      return false;
    }
  }

  @Override
  public boolean leased(QueuedWrite write) {
    return claims.leased(write.id());
  }

  @Override
  public CompletableFuture<Ending> complete(String id, long epoch, Completion completion) {
    return ask(claims.end(id, epoch, completion, clock.millis()));
  }

  @Override
  public CompletableFuture<Boolean> retryLater(String id, long epoch, Instant at, String error) {
    return ask(claims.wait(id, epoch, at, error, true));
  }

  @Override
  public CompletableFuture<Boolean> release(String id, long epoch, Instant at, String reason) {
    return ask(claims.wait(id, epoch, at, reason, false));
  }

  @Override
  public CompletableFuture<List<QueuedWrite>> expire(Instant now) {
    return ask(
        pool.with(
            c ->
                Queries.rows(
                    c,
                    SharedSql.EXPIRE,
                    row -> SharedRow.read(row, seal).withoutBody(),
                    now.toEpochMilli(),
                    SOME)));
  }

  @Override
  public CompletableFuture<Boolean> cancel(String id) {
    return cancelled(id, WriteState.QUEUED);
  }

  @Override
  public CompletableFuture<Boolean> discard(String id) {
    return cancelled(id, WriteState.QUEUED, WriteState.RETRY_WAIT)
        .thenCompose(
            done ->
                done
                    ? CompletableFuture.completedFuture(true)
                    : changed(c -> Queries.change(c, SharedSql.LET_GO_ON, id)));
  }

  private CompletableFuture<Boolean> cancelled(String id, WriteState... from) {
    long now = clock.millis();
    return changed(c -> Queries.change(c, SharedSql.CANCEL, id, now, names(Set.of(from))));
  }

  @Override
  public CompletableFuture<Boolean> requeue(String id, Duration ttl) {
    if (view.activeRecords() >= config.maxRecords()) {
      return CompletableFuture.failedFuture(
          new StoreRefused(Reason.FULL, "the queue holds " + view.activeRecords() + " writes"));
    }
    long now = clock.millis();
    String[] from =
        Arrays.stream(WriteState.values())
            .filter(WriteState::requeueable)
            .map(Enum::name)
            .toArray(String[]::new);
    return changed(c -> Queries.change(c, SharedSql.REQUEUE, id, now, now + ttl.toMillis(), from));
  }

  @Override
  public CompletableFuture<Integer> purge(Instant now) {
    long before = now.minus(config.retention()).toEpochMilli();
    return ask(
        pool.with(c -> Queries.change(c, SharedSql.PURGE, before, SOME))
            .flatMap(rows -> trim().map(more -> (int) (rows + more))));
  }

  private Mono<Long> trim() {
    if (view.settledBytes() <= config.maxBytes()) {
      return Mono.just(0L);
    }
    view.forgetEnded();
    return pool.with(c -> Queries.change(c, SharedSql.TRIM, names(EndedBytes.SETTLED), SOME));
  }

  @Override
  public CompletableFuture<Optional<String>> verify() {
    return ask(
        verified(0)
            .onErrorResume(
                DamagedRecord.class,
                damaged -> Mono.just(Optional.of(String.valueOf(damaged.getMessage())))));
  }

  private Mono<Optional<String>> verified(long after) {
    return some(names(Set.of(WriteState.values())), after, SOME)
        .flatMap(
            rows ->
                rows.isEmpty()
                    ? Mono.just(Optional.<String>empty())
                    : verified(rows.get(rows.size() - 1).sequence()));
  }

  /**
   * Seals some of the records with the store's key that were sealed with an older one, or not at
   * all; answers how many, 0 when none is left.
   */
  public CompletableFuture<Integer> rekey() {
    return ask(new SharedRekeying(pool, seal).some());
  }

  @Override
  public Map<WriteState, Long> counts() {
    return view.counts();
  }

  @Override
  public @Nullable Duration oldestAge() {
    long oldest = view.oldest();
    return oldest == Long.MAX_VALUE
        ? null
        : Duration.ofMillis(Math.max(0, clock.millis() - oldest));
  }

  @Override
  public boolean backlog(String orderingKey) {
    return view.backlog(tags.order(orderingKey));
  }

  @Override
  public boolean queueing(String routeId) {
    return view.queueing(routeId);
  }

  @Override
  public boolean knows(String principalHash, String routeId, String clientKey) {
    return view.knows(tags.idempotency(principalHash, routeId, clientKey));
  }

  @Override
  public @Nullable String pending(String orderingKey, String principalHash) {
    return view.last(tags.order(orderingKey), tags.principal(principalHash));
  }

  @Override
  public boolean anyBacklog() {
    return view.anyBacklog();
  }

  @Override
  public boolean healthy() {
    return view.failure() == null;
  }

  @Override
  public @Nullable String reason() {
    return view.failure();
  }

  /** Lets go of every connection; what was claimed here is claimed again once its lease is over. */
  @Override
  public void close() {
    looking.dispose();
    pool.close();
  }
}
