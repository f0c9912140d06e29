package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.store.HighWater.Mark;
import dev.sluice.fallback.store.Tables.Meta;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings a file, new or old, to the point where records can be accepted, or refuses it. */
final class Opening {
  private static final int CHUNK = 500;
  private static final int SALT_BYTES = 32;
  private static final String SALT_PLACE = "salt";

  private final Path file;
  private final Seal seal;
  private final Connection connection;
  private final Tables tables;

  private Opening(Path file, Seal seal, Connection connection) {
    this.file = file;
    this.seal = seal;
    this.connection = connection;
    this.tables = new Tables(connection);
  }

  /** The writer's session over a file that passed every check, and the salt of its tags. */
  @SuppressWarnings("ArrayRecordComponent")
  record Opened(Session session, Mark mark, byte[] salt) {}

  static Opened open(Path file, Seal seal, Connection connection, @Nullable Mark known, long now)
      throws SQLException, IOException {
    return new Opening(file, seal, connection).open(known, now);
  }

  private Opened open(@Nullable Mark known, long now) throws SQLException, IOException {
    if (StoreFile.empty(connection)) {
      StoreFile.demandHighWater(file, known, new Mark(0, 0));
      create();
    }
    StoreFile.demandOurs(file, connection);
    StoreFile.demandWhole(file, connection);
    Meta meta = tables.meta();
    if (meta == null) {
      throw new DamagedRecord("its counters are missing");
    }
    Mark mark = new Mark(meta.sequence(), meta.commits());
    StoreFile.demandHighWater(file, known, mark);
    byte[] salt = salt(meta);
    Session session = new Session(tables, load(), seal, mark);
    return new Opened(session, recover(session, mark, now), salt);
  }

  private void create() throws SQLException {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    execute("BEGIN IMMEDIATE");
    for (String statement : Sql.SCHEMA) {
      execute(statement);
    }
    tables.run(Sql.INSERT_META, seal.close(salt, SALT_PLACE), seal.keyId());
    execute("COMMIT");
  }

  /** The salt is sealed as soon as there is a key; it proves that the key is the right one. */
  private byte[] salt(Meta meta) throws SQLException {
    String foreign = seal.opens(meta.saltKey()) ? tables.foreignKey(seal.keyId()) : meta.saltKey();
    if (foreign != null) {
      throw new StoreUnusable(
          file,
          seal.keyId().isEmpty()
              ? "it is sealed with key " + foreign + " and no key is configured"
              : "it is sealed with key " + foreign + ", not with the configured " + seal.keyId(),
          "Give that key in store.key");
    }
    byte[] salt = seal.open(meta.salt(), meta.saltKey(), SALT_PLACE);
    if (!meta.saltKey().equals(seal.keyId())) {
      tables.run(Sql.UPDATE_SALT, seal.close(salt, SALT_PLACE), seal.keyId());
    }
    return salt;
  }

  private WriteIndex load() throws SQLException {
    WriteIndex index = new WriteIndex(tables.counts());
    for (WriteState state : WriteState.ACTIVE) {
      List<Row> rows = tables.inState(state, 0, CHUNK);
      while (!rows.isEmpty()) {
        for (Row row : rows) {
          Session.whole(row, tables, seal);
          index.load(row);
        }
        rows = tables.inState(state, rows.get(rows.size() - 1).sequence(), CHUNK);
      }
    }
    index.publish();
    return index;
  }

  /** Attempts of a process that died may have reached the backend: they wait, marked. */
  private Mark recover(Session session, Mark mark, long now) throws SQLException {
    List<Row> begun = session.index().inFlight();
    if (begun.isEmpty()) {
      return mark;
    }
    execute("BEGIN IMMEDIATE");
    for (Row row : begun) {
      session.update(row, row.interruptedAt(now));
    }
    Mark recovered = session.mark();
    execute("COMMIT");
    session.index().publish();
    return recovered;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
