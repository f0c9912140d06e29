package dev.sluice.fallback.store;

import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tables in the shared database, made by whoever comes first. */
final class SharedSchema {
  /** Whoever has it is the only one who makes tables. */
  static final String LOCK = "SELECT pg_advisory_xact_lock(" + SharedSql.SCHEMA_LOCK + ")::text";

  private SharedSchema() {}

  /**
   * Makes what is not there; a role that may not finds it made by one that may.
   *
   * @param there a query that answers {@code true} as text where nothing is missing
   */
  static Mono<Boolean> made(SharedPool pool, String there, List<String> statements) {
    return pool.with(c -> Queries.rows(c, there, row -> Queries.text(row, 0)))
        .flatMap(
            rows ->
                rows.contains("true")
                    ? Mono.just(true)
                    : pool.transaction(
                        LOCK,
                        (c, texts) ->
                            Flux.fromIterable(statements)
                                .concatMap(sql -> Queries.change(c, sql))
                                .then(Mono.just(true))));
  }
}
