package dev.sluice.fallback.store;

import io.r2dbc.spi.Connection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Mono;

/** Notes in a table beside the queued writes, from all gateways. */
final class SharedJournal implements Journal {
  private static final int KEPT = 100;

  private final SharedPool pool;
  private final InstantSource clock;

  SharedJournal(SharedPool pool, InstantSource clock) {
    this.pool = pool;
    this.clock = clock;
  }

  @Override
  public CompletableFuture<Void> append(String kind, String id, String text) {
    check(text);
    return pool.transaction(
            "SELECT ''", (connection, texts) -> append(connection, kind, id, clock.millis(), text))
        .then()
        .toFuture();
  }

  static void check(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException("a note of " + text.length() + " characters");
    }
  }

  /** Within a transaction. */
  static Mono<Boolean> append(Connection connection, String kind, String id, long at, String text) {
    return Queries.change(connection, SharedSql.INSERT_NOTE, kind, id, at, text)
        .then(Queries.change(connection, SharedSql.FORGET_NOTES, kind, id, KEPT))
        .thenReturn(true);
  }

  @Override
  public CompletableFuture<Map<String, String>> latest(String kind) {
    return pool.with(
            connection ->
                Queries.rows(
                    connection,
                    SharedSql.LATEST_NOTES,
                    row -> Map.entry(Queries.text(row, 0), Queries.text(row, 1)),
                    kind))
        .map(
            rows -> {
              Map<String, String> latest = new LinkedHashMap<>();
              rows.forEach(row -> latest.put(row.getKey(), row.getValue()));
              return latest;
            })
        .toFuture();
  }

  @Override
  public CompletableFuture<List<Note>> scan(String kind, String id, int limit) {
    return pool.with(
            connection ->
                Queries.rows(
                    connection,
                    SharedSql.NOTES,
                    row ->
                        new Note(
                            Instant.ofEpochMilli(Queries.number(row, 0)), Queries.text(row, 1)),
                    kind,
                    id,
                    Math.max(0, limit)))
        .toFuture();
  }
}
