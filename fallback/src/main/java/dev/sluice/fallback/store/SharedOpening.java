package dev.sluice.fallback.store;

import dev.sluice.config.Store;
import io.r2dbc.spi.Connection;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes the tables where there are none, and sees whether the key is the right one. */
final class SharedOpening {
  private static final int SALT_BYTES = 32;
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final SharedPool pool;
  private final Seal seal;
  private final String name;

  private SharedOpening(SharedPool pool, Seal seal, String name) {
    this.pool = pool;
    this.seal = seal;
    this.name = name;
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Meta(int format, byte[] salt, String saltKey) {}

  /**
   * The salt of the store's tags. Blocks.
   *
   * @throws StoreUnusable when the database is of another format or sealed with another key
   * @throws StoreUnreachable when it does not answer
   */
  static byte[] salt(SharedPool pool, Seal seal, Store config) {
    String name = String.valueOf(config.shared() == null ? "" : config.shared().display());
    try {
      byte[] salt = new SharedOpening(pool, seal, name).open().block(PATIENCE);
      if (salt == null) {
        throw new StoreUnreachable(name, "it has no salt");
      }
      return salt;
    } catch (StoreUnusable | StoreUnreachable e) {
      throw e;
    } catch (RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StoreUnreachable(
          name, SharedTrouble.words(e instanceof io.r2dbc.spi.R2dbcException ? e : cause));
    }
  }

  private Mono<byte[]> open() {
    return pool.with(SharedOpening::there).flatMap(this::made).then(pool.with(this::meta));
  }

  private static Mono<Boolean> there(Connection connection) {
    return Queries.rows(connection, SharedSql.THERE, row -> Queries.text(row, 0))
        .map(rows -> rows.contains("true"));
  }

  /** A role that may not make tables finds them made by one that may. */
  private Mono<Boolean> made(boolean there) {
    if (there) {
      return Mono.just(true);
    }
    return pool.transaction(
        SharedSchema.LOCK,
        (c, texts) ->
            Flux.fromIterable(SharedSql.SCHEMA)
                .concatMap(sql -> Queries.change(c, sql))
                .then(firstMeta(c)));
  }

  private Mono<Boolean> firstMeta(Connection connection) {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    return Queries.change(
            connection,
            SharedSql.INSERT_META,
            SharedSql.FORMAT,
            seal.close(salt, Survey.SALT_PLACE),
            seal.keyId())
        .thenReturn(true);
  }

  private Mono<byte[]> meta(Connection connection) {
    return Queries.rows(
            connection,
            SharedSql.SELECT_META,
            row ->
                new Meta(
                    (int) Queries.number(row, 0),
                    row.get(1, byte[].class) == null ? new byte[0] : row.get(1, byte[].class),
                    Queries.text(row, 2)))
        .flatMap(rows -> judged(connection, rows));
  }

  private Mono<byte[]> judged(Connection connection, List<Meta> rows) {
    if (rows.isEmpty() || rows.get(0).format() != SharedSql.FORMAT) {
      return Mono.error(
          new StoreUnusable(
              name,
              rows.isEmpty() ? "its counters are missing" : "its format is " + rows.get(0).format(),
              "Use the version of Sluice that wrote it",
              null));
    }
    Meta meta = rows.get(0);
    if (!seal.opens(meta.saltKey())) {
      return Mono.error(
          new StoreUnusable(
              name,
              "it is sealed with key " + meta.saltKey() + ", which is not at hand",
              "Give that key in store.key, or in store.old-keys after a change of keys",
              null));
    }
    byte[] salt = seal.open(meta.salt(), meta.saltKey(), Survey.SALT_PLACE);
    if (meta.saltKey().equals(seal.keyId())) {
      return Mono.just(salt);
    }
    return Queries.change(
            connection, SharedSql.UPDATE_SALT, seal.close(salt, Survey.SALT_PLACE), seal.keyId())
        .thenReturn(salt);
  }
}
