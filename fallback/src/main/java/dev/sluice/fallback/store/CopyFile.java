package dev.sluice.fallback.store;

import dev.sluice.config.Store;
import dev.sluice.fallback.cache.CopyKey;
import dev.sluice.fallback.request.Digest;
import dev.sluice.fallback.store.CopyCodec.Kept;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies in a SQLite file of their own beside the queue's, sealed with the store's key. They are
 * copies: a file that cannot be read is thrown away, and a crash may cost the last second. Used by
 * one thread.
 */
final class CopyFile implements CopyMedium {
  private static final Logger log = LoggerFactory.getLogger("sluice.store");
  private static final String[] SCHEMA = {
    "CREATE TABLE IF NOT EXISTS copies (id TEXT PRIMARY KEY, entry TEXT NOT NULL,"
        + " place TEXT NOT NULL, stored_at INTEGER NOT NULL, bytes INTEGER NOT NULL,"
        + " key_id TEXT NOT NULL, content BLOB NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS copies_by_entry ON copies (entry)",
    "CREATE INDEX IF NOT EXISTS copies_by_place ON copies (place)",
    "CREATE INDEX IF NOT EXISTS copies_by_age ON copies (stored_at)"
  };
  private static final String PUT = "INSERT OR REPLACE INTO copies VALUES (?, ?, ?, ?, ?, ?, ?)";
  private static final String OLDEST =
      "DELETE FROM copies WHERE id IN (SELECT id FROM copies ORDER BY stored_at LIMIT 64)";

  private final Connection connection;
  private final Seal seal;
  private final long maxBytes;
  private long bytes;
  private boolean changed;

  private CopyFile(Connection connection, Seal seal, long maxBytes) throws SQLException {
    this.connection = connection;
    this.seal = seal;
    this.maxBytes = maxBytes;
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous = NORMAL");
      for (String sql : SCHEMA) {
        statement.execute(sql);
      }
    }
    connection.setAutoCommit(false);
    bytes = sum();
  }

  /** Where the copies of this store lie; the lock of the queue's store guards it. */
  static Path of(Store config) {
    return Path.of(config.path() + ".copies");
  }

  /** Opens the file; one that is damaged is begun anew. */
  static CopyFile open(Path file, Seal seal, long maxBytes) throws SQLException, IOException {
    try {
      return opened(file, seal, maxBytes);
    } catch (SQLException e) {
      log.warn(
          "The stored copies in {} cannot be read and are thrown away: {}", file, e.toString());
      for (String suffix : new String[] {"", "-wal", "-shm"}) {
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
      }
      return opened(file, seal, maxBytes);
    }
  }

  private static CopyFile opened(Path file, Seal seal, long maxBytes)
      throws SQLException, IOException {
    Connection connection = Connections.writing(file);
    try {
      return new CopyFile(connection, seal, maxBytes);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public Duration every() {
    return Duration.ofSeconds(1);
  }

  @Override
  public void put(Kept kept, long heard) throws SQLException {
    CopyKey key = kept.key();
    String entry = entry(key);
    String id = new Digest().add(entry).add(kept.tag()).hex();
    byte[] content = seal.close(CopyCodec.encode(kept), id);
    try (PreparedStatement put = connection.prepareStatement(PUT)) {
      put.setString(1, id);
      put.setString(2, entry);
      put.setString(3, place(key.host(), key.target()));
      put.setLong(4, kept.copy().storedAt().toEpochMilli());
      put.setInt(5, content.length);
      put.setString(6, seal.keyId());
      put.setBytes(7, content);
      put.executeUpdate();
    }
    bytes += content.length;
    changed = true;
  }

  @Override
  public void drop(Voided gone) throws SQLException {
    if (gone.key() == null) {
      delete("DELETE FROM copies WHERE place = ?", place(gone.host(), gone.target()));
    } else {
      delete("DELETE FROM copies WHERE entry = ?", entry(gone.key()));
    }
  }

  @Override
  public void clear() throws SQLException {
    delete("DELETE FROM copies WHERE ? <> ''", "all");
    bytes = 0;
  }

  private void delete(String sql, String value) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, value);
      statement.executeUpdate();
    }
    changed = true;
  }

  @Override
  public void commit(long oldestMillis) throws SQLException {
    if (!changed) {
      return;
    }
    try (PreparedStatement old =
        connection.prepareStatement("DELETE FROM copies WHERE stored_at < ?")) {
      old.setLong(1, oldestMillis);
      old.executeUpdate();
    }
    // What was replaced or dropped is not subtracted: the sum is taken anew where it seems too
    // much.
    if (bytes > maxBytes) {
      bytes = sum();
    }
    while (bytes > maxBytes) {
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate(OLDEST);
      }
      bytes = sum();
    }
    connection.commit();
    changed = false;
  }

  @Override
  public void each(long oldestMillis, Consumer<Kept> take) throws SQLException {
    String sql =
        "SELECT id, key_id, content FROM copies WHERE stored_at >= ? ORDER BY stored_at DESC";
    try (PreparedStatement all = connection.prepareStatement(sql)) {
      all.setLong(1, oldestMillis);
      try (ResultSet rows = all.executeQuery()) {
        while (rows.next()) {
          take(rows, take);
        }
      }
    }
  }

  private void take(ResultSet rows, Consumer<Kept> take) throws SQLException {
    String id = rows.getString(1);
    Kept kept;
    try {
      kept = CopyCodec.decode(seal.open(rows.getBytes(3), rows.getString(2), id));
    } catch (DamagedRecord e) {
      log.debug("a stored copy is left out: {}", e.getMessage());
      return;
    }
    take.accept(kept);
  }

  private long sum() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT coalesce(sum(bytes), 0) FROM copies")) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  private static String entry(CopyKey key) {
    return new Digest()
        .add(key.routeId())
        .add(key.host())
        .add(key.target())
        .add(key.principal())
        .hex();
  }

  private static String place(String host, String target) {
    return new Digest().add(host).add(target).hex();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
