package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.store.HighWater.Mark;
import dev.sluice.fallback.store.Tables.Meta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that may refuse a file, asked before anything is changed: what was refused can still
 * be repaired, its journal included.
 */
final class Survey {
  static final String SALT_PLACE = "salt";
  private static final int CHUNK = 500;

  /** Records whose content is opened before the file is used; that of further ones behind it. */
  private static final int OPENED_FIRST = 10_000;

  private final Path file;
  private final Seal seal;
  private final Tables tables;
  private final long format;

  private Survey(Path file, Seal seal, Tables tables, long format) {
    this.file = file;
    this.seal = seal;
    this.tables = tables;
    this.format = format;
  }

  /**
   * A file that may be used.
   *
   * @param salt of its tags, opened
   * @param saltKey the key that seals the salt in the file
   * @param index its active records, each compared with its digest
   * @param format of the file
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Found(Mark mark, byte[] salt, String saltKey, WriteIndex index, long format) {}

  /**
   * Looks at a file that this process holds; null where there is none yet.
   *
   * @throws StoreUnusable naming what is wrong and the way out
   */
  static @Nullable Found of(Path file, Seal seal) throws SQLException, IOException {
    StoreFile.demandDatabase(file);
    Mark known = HighWater.read(file);
    if (!Files.exists(file) || Files.size(file) == 0) {
      StoreFile.demandHighWater(file, known, new Mark(0, 0));
      StoreFile.demandNoJournal(file);
      return null;
    }
    try (Untouched untouched = Untouched.open(file)) {
      if (StoreFile.empty(untouched.connection())) {
        StoreFile.demandHighWater(file, known, new Mark(0, 0));
        return null;
      }
      StoreFile.demandOurs(file, untouched.connection());
      long format = StoreFile.format(untouched.connection());
      return new Survey(file, seal, new Tables(untouched.connection()), format).found(known);
    }
  }

  private Found found(@Nullable Mark known) throws SQLException {
    Meta meta = tables.meta();
    if (meta == null) {
      throw new DamagedRecord("its counters are missing");
    }
    Mark mark = new Mark(meta.sequence(), meta.commits());
    StoreFile.demandHighWater(file, known, mark);
    demandKey(meta);
    byte[] salt = seal.open(meta.salt(), meta.saltKey(), SALT_PLACE);
    return new Found(mark, salt, meta.saltKey(), load(), format);
  }

  private void demandKey(Meta meta) throws SQLException {
    String foreign = foreign(meta);
    if (foreign != null) {
      throw new StoreUnusable(
          file,
          seal.keyId().isEmpty()
              ? "it is sealed with key " + foreign + " and no key is configured"
              : "it is sealed with key " + foreign + ", not with the configured " + seal.keyId(),
          "Give that key in store.key, or in store.old-keys after a change of keys");
    }
  }

  /** A key that is not at hand and sealed something; null when there is none. */
  private @Nullable String foreign(Meta meta) throws SQLException {
    if (!seal.opens(meta.saltKey())) {
      return meta.saltKey();
    }
    return tables.keyIds().stream().filter(id -> !seal.opens(id)).findFirst().orElse(null);
  }

  private WriteIndex load() throws SQLException {
    WriteIndex index = new WriteIndex(tables.counts(), tables.endedBytes());
    for (WriteState state : WriteState.ACTIVE) {
      List<Row> rows = tables.inState(state, 0, CHUNK);
      while (!rows.isEmpty()) {
        for (Row row : rows) {
          if (index.records() < OPENED_FIRST) {
            Session.whole(row, tables, seal);
          }
          index.load(row);
        }
        rows = tables.inState(state, rows.get(rows.size() - 1).sequence(), CHUNK);
      }
    }
    if (format > 1) {
      tables.parked().forEach(index::load);
    }
    tables.idempotencyTags().forEach(index::keyed);
    index.publish();
    return index;
  }
}
