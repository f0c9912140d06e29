package dev.sluice.fallback.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A connection that leaves every byte as it was: database, journal and the journal's index. A
 * connection that may write would take the journal in and delete it when it is closed, even one
 * that had only looked at the file and refused it.
 *
 * <p>For a file that no other process writes. See sqlite.org/uri.html for the parameters.
 */
final class Untouched implements AutoCloseable {
  private final Connection connection;
  private final Path index;
  private final boolean madeIndex;

  private Untouched(Connection connection, Path index, boolean madeIndex) {
    this.connection = connection;
    this.index = index;
    this.madeIndex = madeIndex;
  }

  static Untouched open(Path file) throws SQLException, IOException {
    Path real = file.toRealPath();
    Path index = beside(real, "-shm");
    if (!journal(real)) {
      return new Untouched(Connections.untouched(real, "immutable=1"), index, false);
    }
    // SQLite wants the index to exist, reads it only where another process keeps it, and else
    // builds its own in memory.
    boolean made = !Files.exists(index);
    if (made) {
      PrivateFiles.create(index);
    }
    try {
      return new Untouched(Connections.untouched(real, "readonly_shm=1"), index, made);
    } catch (SQLException | RuntimeException e) {
      if (made) {
        Files.deleteIfExists(index);
      }
      throw e;
    }
  }

  /** Whether there is a journal with something in it. */
  static boolean journal(Path file) throws IOException {
    Path journal = beside(file, "-wal");
    return Files.exists(journal) && Files.size(journal) > 0;
  }

  private static Path beside(Path file, String ending) {
    return file.resolveSibling(file.getFileName() + ending);
  }

  Connection connection() {
    return connection;
  }

  @Override
  public void close() throws SQLException, IOException {
    connection.close();
    if (madeIndex) {
      Files.deleteIfExists(index);
    }
  }
}
