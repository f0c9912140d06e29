package dev.sluice.fallback.store;

import dev.sluice.fallback.store.SharedChanges.Copy;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * The tables of copies in the database that gateways share. Blocks, for some seconds at most; a
 * database that does not answer is an exception.
 */
final class SharedCopyTables {
  /** What one question brings at most. */
  static final int PAGE = 1_000;

  /** Contents are read in smaller pages. */
  static final int CONTENTS = 32;

  private static final Duration PATIENCE = SharedPool.DEADLINE.plusSeconds(1);

  private final SharedPool pool;
  private final Seal seal;
  private final String gateway = UUID.randomUUID().toString();

  SharedCopyTables(SharedPool pool, Seal seal) {
    this.pool = pool;
    this.seal = seal;
  }

  /** The last of the others' voids that is known, and of all copies. */
  record Cursors(long voids, long copies) {}

  /** A copy that came: its number among the changes, and how new it is. */
  record News(long change, String id, String place, long storedAt, long bytes) {}

  /** What another gateway made void. */
  @SuppressWarnings("ArrayRecordComponent")
  record Word(long change, String what, String keyId, byte[] content) {}

  /** A copy as it lies there. */
  @SuppressWarnings("ArrayRecordComponent")
  record Sealed(String id, String keyId, byte[] content, long storedAt) {}

  /** Makes the tables where there are none. */
  void make() {
    SharedSchema.made(pool, SharedCopiesSql.THERE, SharedCopiesSql.SCHEMA).block(PATIENCE);
  }

  private <T> T ask(Function<Connection, Mono<T>> question) {
    return Objects.requireNonNull(pool.with(question).block(PATIENCE));
  }

  private void change(String lock, Function<Connection, Mono<Long>> change) {
    pool.transaction(lock, (c, texts) -> change.apply(c)).block(PATIENCE);
  }

  /** Where to begin: voids of the last so many milliseconds are to be heard again. */
  Cursors begin(long millis) {
    return ask(c ->
            Queries.rows(
                c,
                SharedCopiesSql.BEGIN,
                row -> new Cursors(Queries.number(row, 0), Queries.number(row, 1)),
                millis))
        .get(0);
  }

  /** Some copies after the last one, the newest first. */
  List<Sealed> page(long oldest, long lastStoredAt, String lastId) {
    return ask(
        c ->
            Queries.rows(
                c,
                SharedCopiesSql.PAGE,
                row -> sealed(row, Queries.number(row, 3)),
                oldest,
                lastStoredAt,
                lastId,
                CONTENTS));
  }

  /** These copies, as far as they are still there. */
  List<Sealed> some(List<String> ids) {
    String[] wanted = ids.toArray(String[]::new);
    return ask(c -> Queries.rows(c, SharedCopiesSql.SOME, row -> sealed(row, 0), (Object) wanted));
  }

  private static Sealed sealed(Readable row, long storedAt) {
    return new Sealed(Queries.text(row, 0), Queries.text(row, 1), bytes(row, 2), storedAt);
  }

  private static byte[] bytes(Readable row, int column) {
    byte[] bytes = row.get(column, byte[].class);
    return bytes == null ? new byte[0] : bytes;
  }

  /** What other gateways made void since. */
  List<Word> voids(long since) {
    return ask(
        c ->
            Queries.rows(
                c,
                SharedCopiesSql.VOIDS,
                row ->
                    new Word(
                        Queries.number(row, 0),
                        Queries.text(row, 1),
                        Queries.text(row, 2),
                        bytes(row, 3)),
                since,
                gateway,
                PAGE));
  }

  /** Which copies came since, this gateway's own among them. */
  List<News> news(long since) {
    return ask(
        c ->
            Queries.rows(
                c,
                SharedCopiesSql.NEWS,
                row ->
                    new News(
                        Queries.number(row, 0),
                        Queries.text(row, 1),
                        Queries.text(row, 2),
                        Queries.number(row, 3),
                        Queries.number(row, 4)),
                since,
                PAGE));
  }

  /** Makes void, by tags. */
  void tell(Map<String, Voided> voids) {
    List<String> contents = new ArrayList<>();
    voids.forEach((what, gone) -> contents.add(sealed(CopyCodec.encode(gone), what)));
    String[] whats = voids.keySet().toArray(String[]::new);
    boolean all = voids.containsKey(SharedChanges.ALL);
    change(
        SharedCopiesSql.LOCK,
        c ->
            (all
                    ? Queries.change(c, SharedCopiesSql.CLEAR)
                    : Queries.change(c, SharedCopiesSql.DROP, (Object) whats))
                .then(
                    Queries.change(
                        c,
                        SharedCopiesSql.VOID,
                        gateway,
                        seal.keyId(),
                        whats,
                        contents.toArray(String[]::new))));
  }

  /** Keeps copies, save those that another gateway made void meanwhile. */
  void tell(List<Copy> copies) {
    change(
        SharedCopiesSql.LOCK,
        c ->
            Queries.change(
                c,
                SharedCopiesSql.PUT,
                gateway,
                seal.keyId(),
                texts(copies, Copy::id),
                texts(copies, Copy::entry),
                texts(copies, Copy::place),
                copies.stream().map(Copy::storedAt).toArray(Long[]::new),
                copies.stream().map(Copy::heard).toArray(Long[]::new),
                texts(copies, copy -> sealed(CopyCodec.encode(copy.kept()), copy.id()))));
  }

  private static String[] texts(List<Copy> copies, Function<Copy, String> text) {
    return copies.stream().map(text).toArray(String[]::new);
  }

  private String sealed(byte[] content, String place) {
    return Base64.getEncoder().encodeToString(seal.close(content, place));
  }

  /** Forgets copies that are too old or too many, and what was made void too long ago. */
  void tidy(long oldestMillis, long maxBytes, Duration voids) {
    ask(
        c ->
            Queries.change(c, SharedCopiesSql.FORGET_OLD, oldestMillis)
                .then(Queries.change(c, SharedCopiesSql.FORGET_MANY, maxBytes))
                .then(Queries.change(c, SharedCopiesSql.FORGET_VOIDS, voids.toMillis())));
  }
}
