package dev.sluice.fallback.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the disk has room for what is to be kept. Bytes are needed twice: in the journal at the
 * commit and in the database at a later checkpoint, where pages of deleted records are used first.
 * The disk is measured once per batch; what the batch took since is counted here, for it is in
 * neither file yet. For the writer's thread.
 */
final class Room {
  /** Free disk that no new write may use, so that outcomes always find room. */
  static final long RESERVE = 16L << 20;

  /** Free disk that no captured answer may use: outcomes matter more than what was answered. */
  private static final long WITHOUT_ANSWERS = RESERVE / 2;

  /** The pages of table and indexes that a change rewrites in the journal. */
  private static final long PAGES_OF_A_CHANGE = 16L << 10;

  /** What an outcome adds to a record, its captured answer aside. */
  private static final long OUTCOME = 4L << 10;

  private final Gauge gauge;
  private @Nullable Level level;
  private long taken;

  Room(Gauge gauge) {
    this.gauge = gauge;
  }

  /** Measures the disk. */
  interface Gauge {
    Level read() throws SQLException;
  }

  /**
   * What was measured, in bytes.
   *
   * @param free what the file system still gives to this user
   * @param owed by which the next checkpoint makes the database longer
   * @param reusable in pages of deleted records
   */
  record Level(long free, long owed, long reusable) {}

  /** Measures a database and the disk below it. */
  static Gauge gauge(Path file, Connection connection, LongSupplier free) {
    return () -> {
      long page = StoreFile.number(connection, "PRAGMA page_size");
      long length = page * StoreFile.number(connection, "PRAGMA page_count");
      long reusable = page * StoreFile.number(connection, "PRAGMA freelist_count");
      return new Level(free.getAsLong(), Math.max(0, length - size(file)), reusable);
    };
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A batch begins: nothing of it is taken yet. */
  void begin() {
    level = null;
    taken = 0;
  }

  /** A change with this many bytes of content or outcome was made. */
  void take(long bytes) {
    taken += bytes + PAGES_OF_A_CHANGE;
  }

  /** Whether one more record fits beside those that are held, each of which will have an end. */
  boolean forRecord(long bytes, int held) throws SQLException {
    return fits(RESERVE + (held + 1) * OUTCOME, bytes);
  }

  /** Whether an outcome may keep its captured answer. */
  boolean forAnswer(long bytes) throws SQLException {
    return fits(WITHOUT_ANSWERS, bytes);
  }

  private boolean fits(long spared, long bytes) throws SQLException {
    Level now = level;
    if (now == null) {
      now = gauge.read();
      level = now;
    }
    long journal = taken + bytes + PAGES_OF_A_CHANGE;
    long database = now.owed() + Math.max(0, journal - now.reusable());
    return now.free() >= spared + journal + database;
  }
}
