package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.WriteState;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What is known here of the shared database, for event loops: looked at twice a second, and added
 * to by what this gateway itself accepts. What is too old to be relied on counts as unknown, and an
 * unknown backlog as one.
 */
final class SharedView {
  private static final long STALE = Duration.ofMillis(1_500).toNanos();
  private static final long COUNT_ENDED = Duration.ofSeconds(10).toNanos();
  private static final long FORGET_KEYS = Duration.ofMinutes(10).toNanos();
  private static final int MOST_KEYS = 10_000;
  private static final int MOST_CLIENT_KEYS = 10_000;

  /** Sequences commit in another order than they are drawn, but not by so many. */
  private static final long OUT_OF_ORDER = 5_000;

  private final SharedPool pool;
  private final SharedRoutes announced;
  private final LongSupplier nanos;
  private final Map<String, Last> own = new ConcurrentHashMap<>();
  private final Map<String, Long> ownClientKeys = new ConcurrentHashMap<>();
  private final Map<String, Long> ownRoutes = new ConcurrentHashMap<>();
  private final AtomicReference<Seen> seen = new AtomicReference<>(Seen.NOTHING);
  private volatile ClientKeys clientKeys = new ClientKeys();
  private volatile @Nullable String failure;
  private volatile Ended ended = Ended.NOTHING;
  private volatile long forgotten = Long.MIN_VALUE / 2;
  private long keysAt;
  private long lastKey;

  SharedView(SharedPool pool, SharedRoutes announced, LongSupplier nanos) {
    this.pool = pool;
    this.announced = announced;
    this.nanos = nanos;
  }

  /** The last record of an ordering key. */
  private record Last(String id, String principalTag, long at) {}

  /** Records of one state. */
  private record Counted(long records, long bytes, long oldest) {
    static final Counted NONE = new Counted(0, 0, Long.MAX_VALUE);
  }

  /** One look. */
  private record Seen(
      Map<WriteState, Counted> counts,
      Set<String> routes,
      Map<String, Last> keys,
      boolean moreKeys,
      long at) {
    static final Seen NOTHING = new Seen(Map.of(), Set.of(), Map.of(), true, Long.MIN_VALUE / 2);

    Counted counted(WriteState state) {
      return counts.getOrDefault(state, Counted.NONE);
    }

    /** Of two looks the one that began later, whichever ended first. */
    Seen orLater(Seen other) {
      return other.at - at > 0 ? other : this;
    }
  }

  /** What a look that began then counted of ended records. */
  private record Ended(Map<WriteState, Counted> counts, long at) {
    static final Ended NOTHING = new Ended(Map.of(), Long.MIN_VALUE / 2);
  }

  /** Looks again. */
  Mono<Boolean> look() {
    return Mono.defer(
        () -> {
          long begun = nanos.getAsLong();
          return pool.with(connection -> seen(connection, begun))
              .doOnNext(
                  next -> {
                    seen.accumulateAndGet(next, Seen::orLater);
                    failure = null;
                    own.values().removeIf(last -> last.at() < begun);
                    ownClientKeys.values().removeIf(at -> at < begun);
                    ownRoutes.values().removeIf(at -> at < begun);
                  })
              .doOnError(this::failed)
              .thenReturn(true);
        });
  }

  private Mono<Seen> seen(Connection connection, long begun) {
    return announced
        .look(connection)
        .then(counts(connection, SharedSql.COUNT_ACTIVE))
        .flatMap(active -> ended(connection, begun).map(ends -> merged(active, ends)))
        .flatMap(
            counts ->
                routes(connection)
                    .flatMap(
                        routes ->
                            keys(connection, begun)
                                .map(
                                    keys ->
                                        new Seen(
                                            counts, routes, keys, keys.size() > MOST_KEYS, begun))))
        .flatMap(next -> clientKeys(connection, begun).thenReturn(next));
  }

  private static Map<WriteState, Counted> merged(
      Map<WriteState, Counted> active, Map<WriteState, Counted> ends) {
    Map<WriteState, Counted> all = new EnumMap<>(WriteState.class);
    all.putAll(ends);
    all.putAll(active);
    return all;
  }

  private static Mono<Map<WriteState, Counted>> counts(Connection connection, String sql) {
    return Queries.rows(
            connection,
            sql,
            row ->
                Map.entry(
                    WriteState.valueOf(Queries.text(row, 0)),
                    new Counted(
                        Queries.number(row, 1), Queries.number(row, 2), Queries.number(row, 3))))
        .map(
            rows -> {
              Map<WriteState, Counted> counts = new EnumMap<>(WriteState.class);
              rows.forEach(row -> counts.put(row.getKey(), row.getValue()));
              return counts;
            });
  }

  /** Ended records are many and matter less: they are counted less often. */
  private Mono<Map<WriteState, Counted>> ended(Connection connection, long now) {
    Ended known = ended;
    if (known.at - forgotten > 0 && now - known.at < COUNT_ENDED) {
      return Mono.just(known.counts);
    }
    return counts(connection, SharedSql.COUNT_ENDED)
        .doOnNext(counts -> ended = new Ended(counts, now));
  }

  /** Counts all again with the next look. */
  void forgetEnded() {
    forgotten = nanos.getAsLong();
  }

  private static Mono<Set<String>> routes(Connection connection) {
    return Queries.rows(connection, SharedSql.ROUTES, row -> Queries.text(row, 0))
        .map(HashSet::new);
  }

  private static Mono<Map<String, Last>> keys(Connection connection, long at) {
    return Queries.rows(
            connection,
            SharedSql.STANDING_KEYS,
            row ->
                Map.entry(
                    Queries.text(row, 0), new Last(Queries.text(row, 1), Queries.text(row, 2), at)),
            MOST_KEYS + 1)
        .map(
            rows -> {
              Map<String, Last> keys = new HashMap<>();
              rows.forEach(row -> keys.put(row.getKey(), row.getValue()));
              return keys;
            });
  }

  private Mono<Boolean> clientKeys(Connection connection, long now) {
    boolean anew = now - keysAt > FORGET_KEYS;
    ClientKeys into = anew ? new ClientKeys() : clientKeys;
    long from = anew ? 0 : lastKey;
    return more(connection, into, Math.max(0, from - OUT_OF_ORDER))
        .doOnNext(
            last -> {
              lastKey = Math.max(from, last);
              clientKeys = into;
              keysAt = anew ? now : keysAt;
            })
        .thenReturn(true);
  }

  private static Mono<Long> more(Connection connection, ClientKeys into, long after) {
    return Queries.rows(
            connection,
            SharedSql.CLIENT_KEYS,
            row -> Map.entry(Queries.text(row, 0), Queries.number(row, 1)),
            after,
            MOST_CLIENT_KEYS)
        .flatMap(
            (List<Map.Entry<String, Long>> rows) -> {
              rows.forEach(row -> into.add(row.getKey()));
              long last = rows.isEmpty() ? after : rows.get(rows.size() - 1).getValue();
              return rows.size() < MOST_CLIENT_KEYS
                  ? Mono.just(last)
                  : more(connection, into, last);
            });
  }

  /** This gateway has had a write committed. */
  void came(
      String routeId,
      @Nullable String orderTag,
      String id,
      String principalTag,
      @Nullable String keyTag) {
    long now = nanos.getAsLong();
    ownRoutes.put(routeId, now);
    if (orderTag != null) {
      own.put(orderTag, new Last(id, principalTag, now));
    }
    if (keyTag != null) {
      ownClientKeys.put(keyTag, now);
    }
  }

  /** What the database last refused; a sentence for operators. */
  String failed(Throwable error) {
    String said = "The shared store cannot be reached: " + SharedTrouble.words(error);
    failure = said;
    return said;
  }

  /** Why nothing can be kept at the moment; null where nothing is known to be wrong. */
  @Nullable String failure() {
    String said = failure;
    return said == null && stale() ? "The shared store does not answer." : said;
  }

  private Seen now() {
    return Objects.requireNonNull(seen.get());
  }

  private boolean stale() {
    return nanos.getAsLong() - now().at() > STALE;
  }

  /** Where it is not known what waits nothing may overtake it. */
  boolean anyBacklog() {
    return unknown() || activeRecords() > 0 || !now().keys().isEmpty() || !ownRoutes.isEmpty();
  }

  boolean backlog(String orderTag) {
    return unknown() || own.containsKey(orderTag) || now().keys().containsKey(orderTag);
  }

  /** Whether writes of this route that have an order must go through the store. */
  boolean queueing(String routeId) {
    return unknown()
        || announced.queueing(routeId)
        || ownRoutes.containsKey(routeId)
        || now().routes().contains(routeId);
  }

  /** Whether a write of this route that has an order may be held now. */
  boolean open(String routeId) {
    return announced.open(routeId);
  }

  private boolean unknown() {
    return failure() != null || now().moreKeys();
  }

  /** The id of the last record of this key, if it belongs to this principal. */
  @Nullable String last(String orderTag, String principalTag) {
    Last last = own.getOrDefault(orderTag, now().keys().get(orderTag));
    return last != null && last.principalTag().equals(principalTag) ? last.id() : null;
  }

  boolean knows(String keyTag) {
    return ownClientKeys.containsKey(keyTag) || clientKeys.has(keyTag);
  }

  /** Routes with waiting records. */
  Set<String> routes() {
    Set<String> routes = new HashSet<>(now().routes());
    routes.addAll(ownRoutes.keySet());
    return routes;
  }

  long activeRecords() {
    return WriteState.ACTIVE.stream().mapToLong(state -> now().counted(state).records()).sum();
  }

  long activeBytes() {
    return WriteState.ACTIVE.stream().mapToLong(state -> now().counted(state).bytes()).sum();
  }

  /** Bytes of records whose end is final. */
  long settledBytes() {
    return EndedBytes.SETTLED.stream().mapToLong(state -> now().counted(state).bytes()).sum();
  }

  Map<WriteState, Long> counts() {
    Map<WriteState, Long> counts = new EnumMap<>(WriteState.class);
    for (WriteState state : WriteState.values()) {
      counts.put(state, now().counted(state).records());
    }
    return counts;
  }

  /** Creation time of the oldest active record; {@link Long#MAX_VALUE} when there is none. */
  long oldest() {
    return WriteState.ACTIVE.stream()
        .mapToLong(state -> now().counted(state).oldest())
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
