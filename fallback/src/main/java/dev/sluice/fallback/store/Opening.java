package dev.sluice.fallback.store;

import dev.sluice.fallback.store.HighWater.Mark;
import dev.sluice.fallback.store.Survey.Found;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings a file that passed the survey, or a new one, to the point where it takes records. */
final class Opening {
  private static final int SALT_BYTES = 32;

  private final Seal seal;
  private final Connection connection;
  private final Tables tables;
  private final Room room;

  private Opening(Seal seal, Connection connection, Room room) {
    this.seal = seal;
    this.room = room;
    this.connection = connection;
    this.tables = new Tables(connection);
  }

  /** The writer's session, and the salt of the file's tags. */
  @SuppressWarnings("ArrayRecordComponent")
  record Opened(Session session, Mark mark, byte[] salt) {}

  /**
   * Begins the writer's session.
   *
   * @param found null makes a new store
   */
  static Opened open(Seal seal, Connection connection, Room room, @Nullable Found found, long now)
      throws SQLException {
    return new Opening(seal, connection, room).open(found, now);
  }

  private Opened open(@Nullable Found known, long now) throws SQLException {
    Found found = known == null ? create() : known;
    for (int format = (int) found.format(); format < Sql.FORMAT; format++) {
      migrate(format);
    }
    execute(Sql.JOURNAL);
    execute(Sql.JOURNAL_INDEX);
    if (!found.saltKey().equals(seal.keyId())) {
      // As soon as there is a key: the sealed salt proves later on that a key is the right one.
      tables.run(Sql.UPDATE_SALT, seal.close(found.salt(), Survey.SALT_PLACE), seal.keyId());
    }
    Session session = new Session(tables, found.index(), seal, room, found.mark());
    return new Opened(session, recover(session, found.mark(), now), found.salt());
  }

  private Found create() throws SQLException {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    execute("BEGIN IMMEDIATE");
    for (String statement : Sql.SCHEMA) {
      execute(statement);
    }
    tables.run(Sql.INSERT_META, seal.close(salt, Survey.SALT_PLACE), seal.keyId());
    execute("COMMIT");
    WriteIndex empty = new WriteIndex(tables.counts(), tables.endedBytes());
    return new Found(new Mark(0, 0), salt, seal.keyId(), empty, Sql.FORMAT);
  }

  /** To the next format, or not at all. */
  private void migrate(int from) throws SQLException {
    execute("BEGIN IMMEDIATE");
    for (String statement : Sql.MIGRATIONS.getOrDefault(from, List.of())) {
      execute(statement);
    }
    execute("PRAGMA user_version = " + (from + 1));
    execute("COMMIT");
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
