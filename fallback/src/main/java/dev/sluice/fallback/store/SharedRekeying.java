package dev.sluice.fallback.store;

import io.r2dbc.spi.Connection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Seals records of the shared database with the store's key that another sealed, or none. */
final class SharedRekeying {
  private static final int SOME = 200;

  private final SharedPool pool;
  private final Seal seal;

  SharedRekeying(SharedPool pool, Seal seal) {
    this.pool = pool;
    this.seal = seal;
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Sealed(
      long sequence, String id, String keyId, byte[] content, byte @Nullable [] outcome) {}

  /** Some at a time; how many, 0 when none is left that no gateway has in flight. */
  Mono<Integer> some() {
    return pool.transaction(
        "SELECT ''",
        (connection, texts) ->
            otherwise(connection)
                .flatMap(
                    rows ->
                        Flux.fromIterable(rows)
                            .concatMap(row -> reseal(connection, row))
                            .then(Mono.just(rows.size()))));
  }

  private Mono<List<Sealed>> otherwise(Connection connection) {
    return Queries.rows(
        connection,
        SharedSql.SEALED_OTHERWISE,
        row -> {
          byte[] content = row.get(3, byte[].class);
          return new Sealed(
              Queries.number(row, 0),
              Queries.text(row, 1),
              Queries.text(row, 2),
              content == null ? new byte[0] : content,
              row.get(4, byte[].class));
        },
        seal.keyId(),
        SOME);
  }

  private Mono<Long> reseal(Connection connection, Sealed row) {
    String place = SharedRow.contentPlace(row.id(), row.sequence());
    byte[] content = seal.close(seal.open(row.content(), row.keyId(), place), place);
    return Queries.change(
        connection,
        SharedSql.RESEAL,
        row.sequence(),
        seal.keyId(),
        Digests.sha256(content),
        content,
        outcome(row));
  }

  private byte @Nullable [] outcome(Sealed row) {
    String place = SharedRow.outcomePlace(row.id(), row.sequence());
    byte[] outcome = row.outcome();
    return outcome == null ? null : seal.close(seal.open(outcome, row.keyId(), place), place);
  }
}
