package dev.sluice.fallback.store;

import dev.sluice.config.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open files and threads of one store, let go in the reverse order. */
final class StoreParts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StoreParts.class);
  private static final long CLOSE_SECONDS = 5;

  private final Path file;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final Changes changes;
  private final WriteIndex index;
  private final Committer committer;
  private final Reader reader;

  static StoreParts open(Store config, DiskSpace disk, long now) {
    Path file = Path.of(config.path());
    try {
      return new StoreParts(config, file, Seal.forStore(config), disk, now);
    } catch (IllegalArgumentException e) {
      throw new StoreUnusable(
          file, String.valueOf(e.getMessage()), "Make one with 'openssl rand -base64 32'", e);
    } catch (DamagedRecord | SQLException | IOException | LinkageError e) {
      throw Trouble.of(e).unusable(file, e);
    }
  }

  private StoreParts(Store config, Path file, Seal seal, DiskSpace disk, long now)
      throws SQLException, IOException {
    this.file = file;
    try {
      held(StoreFile.lock(file));
      Survey.Found found = Survey.of(file, seal);
      Connection writing = Connections.writing(file);
      held(() -> end(writing));
      LongSupplier free = disk.below(file);
      Room room = new Room(Room.gauge(file, writing, free));
      Opening.Opened opened = Opening.open(seal, writing, room, found, now);
      HighWater highWater = held(HighWater.open(file));
      highWater.begin(opened.mark());
      ExecutorService answers =
          Executors.newSingleThreadExecutor(work -> Threads.daemon(work, "sluice-store-answers"));
      held(() -> end(answers));
      index = opened.session().index();
      changes = new Changes(config, opened.salt());
      committer = new Committer(file, writing, opened.session(), highWater, answers);
      reader = new Reader(Connections.reading(file), seal, committer::fail);
      held(reader::close);
      Checkpoints.byTheWriter(writing, Checkpoints.scarce(free));
      Connection tidying = Connections.writing(file);
      committer.start();
      held(committer::close);
      held(new Checkpoints(file, tidying, free, committer::between, this::sound).start());
    } catch (SQLException | IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
    Thread check = check();
    held(() -> check.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS)));
    check.start();
  }

  private <T extends AutoCloseable> T held(T part) {
    parts.push(part);
    return part;
  }

  /**
   * A file that failed is left as it is, for SQLite would sync it once more on the handle where
   * that failed: Linux then says that all is well, whatever became of the pages.
   */
  private void end(Connection writing) throws SQLException {
    if (committer == null || sound()) {
      writing.close();
    }
  }

  private boolean sound() {
    return committer.failure() == null;
  }

  private static void end(ExecutorService answers) {
    answers.shutdown();
    Threads.await(answers, CLOSE_SECONDS);
  }

  /**
   * Reads the whole file on a thread of its own; a fault that it finds ends the acknowledgements.
   */
  CompletableFuture<Optional<Trouble>> verify() {
    CompletableFuture<Optional<Trouble>> found = new CompletableFuture<>();
    Threads.daemon(
            () -> {
              Trouble trouble = FileCheck.run(file, closing::get);
              if (trouble != null) {
                found(trouble);
              }
              found.complete(Optional.ofNullable(trouble));
            },
            "sluice-store-verify")
        .start();
    return found;
  }

  private Thread check() {
    return Threads.daemon(
        () -> {
          Trouble trouble = FileCheck.run(file, closing::get);
          if (trouble != null && !closing.get()) {
            found(trouble);
          }
        },
        "sluice-store-check");
  }

  /** What the check found ends the acknowledgements; that it could not be made does not. */
  private void found(Trouble trouble) {
    if (trouble.kind() == Trouble.Kind.DAMAGED || trouble.kind() == Trouble.Kind.DISK_FAILED) {
      committer.fail(trouble);
    } else {
      log.warn("The store {} could not be checked: {}", file, trouble.problem());
    }
  }

  Changes changes() {
    return changes;
  }

  WriteIndex index() {
    return index;
  }

  Committer committer() {
    return committer;
  }

  Reader reader() {
    return reader;
  }

  @Override
  public void close() {
    closing.set(true);
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.warn("The store {} was not closed cleanly: {}", file, e.toString());
      }
    }
  }
}
