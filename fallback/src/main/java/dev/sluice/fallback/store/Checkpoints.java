package dev.sluice.fallback.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is in the journal into the database, on a thread of its own: it holds up neither the
 * writer nor readers (PASSIVE, sqlite.org/wal.html), so that nobody who waits for a commit waits
 * for this. Only the writer can let the journal begin anew, when nothing is added meanwhile: it is
 * asked to once the journal is long, and finds little left to do.
 */
final class Checkpoints implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Checkpoints.class);
  private static final long STEP = 32L << 20;
  private static final long LONG = 64L << 20;

  /** On a disk with less free space than this the writer itself keeps the journal short. */
  private static final long SCARCE = 512L << 20;

  private static final int FEW_PAGES = 1000;
  private static final long LOOK_MILLIS = 50;
  private static final long CLOSE_MILLIS = 5_000;

  private final Path journal;
  private final Connection connection;
  private final LongSupplier free;
  private final Consumer<Committer.Chore> writer;
  private final BooleanSupplier sound;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);
  private boolean scarce;
  private long done;

  /**
   * @param free bytes that the disk still gives
   * @param writer runs a chore between two transactions
   * @param sound false once the file failed: nothing is synced any more
   */
  Checkpoints(
      Path file,
      Connection connection,
      LongSupplier free,
      Consumer<Committer.Chore> writer,
      BooleanSupplier sound) {
    this.sound = sound;
    this.journal = file.resolveSibling(file.getFileName() + "-wal");
    this.connection = connection;
    this.free = free;
    this.writer = writer;
    this.scarce = scarce(free);
    this.thread = Threads.daemon(this::work, "sluice-store-checkpoint");
  }

  Checkpoints start() {
    thread.start();
    return this;
  }

  private void work() {
    boolean ended = false;
    while (!ended) {
      try {
        ended = closing.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        look();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (SQLException | IOException | RuntimeException e) {
        // The writer meets the same trouble, and it alone decides what that means.
        log.warn(
            "The journal {} could not be brought into the database: {}", journal, e.toString());
      }
    }
  }

  private void look() throws SQLException, IOException {
    if (!sound.getAsBoolean()) {
      return;
    }
    boolean now = scarce(free);
    if (now != scarce) {
      scarce = now;
      writer.accept(writing -> byTheWriter(writing, now));
    }
    long length = Files.exists(journal) ? Files.size(journal) : 0;
    if (length < done) {
      done = 0;
    }
    if (length - done < STEP) {
      return;
    }
    checkpoint(connection);
    done = length;
    if (length >= LONG) {
      writer.accept(Checkpoints::checkpoint);
      done = 0;
    }
  }

  /** Pages after which the writer itself brings them into the database, or never. */
  static void byTheWriter(Connection writing, boolean itself) throws SQLException {
    try (Statement statement = writing.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint = " + (itself ? FEW_PAGES : 0));
    }
  }

  /** Whether the disk below is so full that a long journal would take the room of records. */
  static boolean scarce(LongSupplier free) {
    return free.getAsLong() < SCARCE;
  }

  static void checkpoint(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
    }
  }

  @Override
  public void close() throws SQLException, InterruptedException {
    closing.countDown();
    thread.join(CLOSE_MILLIS);
    connection.close();
  }
}
