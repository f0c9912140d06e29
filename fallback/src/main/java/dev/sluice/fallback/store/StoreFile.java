package dev.sluice.fallback.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What is checked of the file before a record is read. */
final class StoreFile {
  static final String RESTORE =
      "Run 'sluice queue verify' to see how much of it. Restore it from a backup; to start empty, move"
          + " it away together with its -wal and .high-water files, and keep them";
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  private StoreFile() {}

  /** Holds the file for this process; closing the channel lets go. */
  static FileChannel lock(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      PrivateFiles.folder(parent);
    }
    Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
    FileChannel channel = PrivateFiles.open(lockFile);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new StoreUnusable(
          file,
          "another process has it open (it holds " + lockFile + ")",
          "Stop that one, give this one a file of its own, or look with 'sluice queue list'");
    }
    return channel;
  }

  /** Refuses what is not a database at all; an empty or absent file is a new store. */
  static void demandDatabase(Path file) throws IOException {
    if (!Files.exists(file) || Files.size(file) == 0) {
      return;
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(MAGIC.length);
    }
    if (!Arrays.equals(head, MAGIC)) {
      throw new StoreUnusable(file, "it is no SQLite database, or its head is damaged", RESTORE);
    }
  }

  /** Refuses the database of another program or of a later format. */
  static void demandOurs(Path file, Connection connection) throws SQLException {
    long application = number(connection, "PRAGMA application_id");
    long format = format(connection);
    if (application != Sql.APPLICATION_ID) {
      throw new StoreUnusable(
          file, "it is the database of another program", "Name another file in store.path");
    }
    if (format < 1 || format > Sql.FORMAT) {
      throw new StoreUnusable(
          file, "its format is " + format, "Use the version of Sluice that wrote it");
    }
  }

  /** Without its database a journal would be deleted unread. */
  static void demandNoJournal(Path file) throws IOException {
    if (Untouched.journal(file)) {
      throw new StoreUnusable(
          file,
          "it is missing or empty, but its journal " + file + "-wal is there",
          "Bring back the file that belongs to it");
    }
  }

  /** Refuses a file that has less than was committed once. */
  static void demandHighWater(Path file, HighWater.@Nullable Mark mark, HighWater.Mark found) {
    if (mark == null
        || (found.sequence() >= mark.sequence() && found.commits() >= mark.commits())) {
      return;
    }
    throw new StoreUnusable(
        file,
        "it ends at sequence %d, commit %d, but sequence %d, commit %d had been committed: records are lost"
            .formatted(found.sequence(), found.commits(), mark.sequence(), mark.commits()),
        "Keep a copy of the folder: the journal may hold what is missing. Restore the store from a"
            + " backup; to go on without what is lost, delete "
            + HighWater.file(file));
  }

  static boolean empty(Connection connection) throws SQLException {
    return number(connection, "SELECT count(*) FROM sqlite_master") == 0;
  }

  static long format(Connection connection) throws SQLException {
    return number(connection, "PRAGMA user_version");
  }

  static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }
}
