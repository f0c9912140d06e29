package dev.sluice.fallback.store;

import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * Which routes queue, as all gateways know it. Gateways see their backends differently: where one
 * holds the writes of a resource back, another would send a newer one past them. So the first write
 * of a route that has an order is held only once the route has been announced for so long that
 * every gateway has seen it, or knows that it has not seen anything lately; and while a route is
 * announced or has writes left, all gateways send its writes through the store. Times are the
 * database's.
 */
final class SharedRoutes {
  /** How long an announcement holds; renewed while writes are accepted. */
  private static final long HOLDS_MILLIS = 15_000;

  /** What must be left of it, so that nobody stops heeding it while a write is on its way. */
  private static final long LEFT_MILLIS = 6_000;

  private final long barrierMillis;
  private final Set<String> wanted = ConcurrentHashMap.newKeySet();
  private volatile Map<String, Announced> announced = Map.of();

  /** For how long it has been known, and for how long it still is. */
  private record Announced(long age, long left) {}

  /**
   * @param barrier how long a route is announced before its first write is held; zero where nobody
   *     else is there
   */
  SharedRoutes(Duration barrier) {
    this.barrierMillis = barrier.toMillis();
  }

  /** Whether a write of this route may be held now; the wish is announced with the next look. */
  boolean open(String routeId) {
    wanted.add(routeId);
    if (barrierMillis == 0) {
      return true;
    }
    Announced known = announced.get(routeId);
    return known != null && known.age() >= barrierMillis && known.left() >= LEFT_MILLIS;
  }

  /** Whether some gateway holds writes of this route, or is about to. */
  boolean queueing(String routeId) {
    return announced.containsKey(routeId);
  }

  /** Tells the others what is wanted here, and learns what they want. */
  Mono<Boolean> look(Connection connection) {
    String[] mine = wanted.toArray(String[]::new);
    Mono<Long> told =
        mine.length == 0 || barrierMillis == 0
            ? Mono.just(0L)
            : Queries.change(connection, SharedSql.ANNOUNCE, mine, HOLDS_MILLIS);
    return told.then(
            Queries.rows(
                connection,
                SharedSql.ANNOUNCED,
                row ->
                    Map.entry(
                        Queries.text(row, 0),
                        new Announced(Queries.number(row, 1), Queries.number(row, 2)))))
        .map(
            rows -> {
              Map<String, Announced> next = new HashMap<>();
              rows.forEach(row -> next.put(row.getKey(), row.getValue()));
              announced = next;
              for (String each : mine) {
                wanted.remove(each);
              }
              return true;
            });
  }
}
